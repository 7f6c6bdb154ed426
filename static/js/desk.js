// What every page loads: countdowns, the live stream, notices, forms sent once and shortcuts.
import "./countdown.js";
import "./live.js";
import "./notices.js";
import "./once.js";
import "./shortcuts.js";
