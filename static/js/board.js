// The engineers' board.
import { board, settleTabStops } from "./board/page.js";
import "./board/drag.js";
import "./board/keys.js";
import "./board/lanes.js";
import "./board/live.js";
import "./board/tabs.js";

settleTabStops();
// What needs this script shows itself only now.
board.dataset.ready = "";
