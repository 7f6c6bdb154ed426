// What every page loads: countdowns, the live stream, notices and shortcuts.
import "./countdown.js";
import "./live.js";
import "./notices.js";
import "./shortcuts.js";
