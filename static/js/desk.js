// What every page loads: countdowns, the live stream, notices.
import "./countdown.js";
import "./live.js";
import "./notices.js";
