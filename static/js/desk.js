// What every page loads: countdowns and the live stream.
import "./countdown.js";
import "./live.js";
