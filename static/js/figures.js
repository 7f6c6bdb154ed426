// Draws the charts of the figures page with ECharts, in the colours of the page's tokens, and keeps to them when
// the theme changes or the page is printed. The data stand in the page as JSON; every word comes from there.
const page = document.querySelector("[data-echarts]");
const drawn = new Map();
let echarts = null;

function ink() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    urgent: token("urgent"), general: token("general"), consult: token("consult"), accent: token("accent"),
    mid: token("line-strong"), ink: token("ink-2"), breach: token("breach-fill"), onBreach: token("on-breach"),
    text: token("ink"), quiet: token("ink-3"), line: token("line"), sunken: token("sunken"), surface: token("surface"),
    raised: token("raised"), onAccent: token("on-accent"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

function base(colours) {
  return {
    animation: !calm, animationDuration: 200,
    textStyle: { fontFamily: colours.font, fontSize: 11, color: colours.quiet },
    grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: "richText", confine: true, trigger: "axis", axisPointer: { type: "none" },
      backgroundColor: colours.raised, borderColor: colours.mid, borderWidth: 1, padding: [8, 12],
      textStyle: { color: colours.text, fontFamily: colours.font, fontSize: 12 },
    },
  };
}

function categories(labels, colours) {
  return {
    type: "category", data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.mid } },
    axisLabel: { color: colours.quiet, fontSize: 11, hideOverlap: true },
  };
}

function values(colours, more = {}) {
  return {
    type: "value", minInterval: 1, splitNumber: 4, splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.quiet, fontSize: 11 }, ...more,
  };
}

function legend(series, colours) {
  return {
    show: series.length > 1, bottom: 0, left: 0, itemWidth: 10, itemHeight: 10, icon: "rect", itemGap: 14,
    textStyle: { color: colours.quiet, fontSize: 12, fontFamily: colours.font },
  };
}

function lines(data, colours) {
  const given = data.series.flatMap((one) => one.values.filter((value) => value !== null));
  const lowest = Math.min(data.goal.value, ...given);
  const step = lowest > 75 ? 5 : lowest > 50 ? 10 : 25;
  const goal = {
    name: data.goal.name, type: "line", data: data.labels.map(() => data.goal.value), symbol: "none", silent: true,
    lineStyle: { color: colours.ink, type: [3, 3], width: 1 }, tooltip: { show: false },
    endLabel: { show: true, color: colours.quiet, fontSize: 11, lineHeight: 14, formatter: data.goal.name },
    labelLayout: { moveOverlap: "shiftY" },
  };
  return {
    ...base(colours),
    tooltip: {
      ...base(colours).tooltip,
      formatter: (points) => [data.labels[points[0].dataIndex], ...points.filter((point) => point.seriesIndex < data.series.length && point.value != null)
        .map((point) => `${point.seriesName}  ${point.value}${data.unit}  ${data.series[point.seriesIndex].notes[point.dataIndex]}`)].join("\n"),
    },
    // Room for the longest name at the end of a line, with its value.
    grid: { left: 4, right: Math.max(96, ...data.series.map((one) => 7 * (one.name.length + 6))), top: 12, bottom: 4, containLabel: true },
    xAxis: { ...categories(data.labels, colours), boundaryGap: false },
    yAxis: values(colours, { min: Math.max(0, Math.floor((lowest - 1) / step) * step), max: 100, interval: step }),
    series: [...data.series.map((one) => ({
      name: one.name, type: "line", data: one.values, connectNulls: true, symbol: "circle", symbolSize: 6,
      lineStyle: {
        color: colours[one.tone], width: one.tone === "urgent" ? 2.75 : 1.75,
        type: one.tone === "consult" ? [1, 4] : "solid", cap: "round",
      },
      itemStyle: { color: colours[one.tone] }, cursor: "pointer",
      endLabel: {
        show: true, color: colours[one.tone], fontSize: 11, lineHeight: 14, fontWeight: one.tone === "urgent" ? 600 : 400,
        formatter: ({ seriesName, value }) => `${seriesName} ${value}${data.unit}`,
      },
      labelLayout: { moveOverlap: "shiftY" },
    })), goal],
  };
}

function bars(data, colours, { stacked = false, lying = false } = {}) {
  const labels = categories(data.labels, colours);
  const amounts = values(colours);
  const single = data.series.length === 1;
  if (lying) Object.assign(labels, { inverse: true, axisLine: { show: false }, axisLabel: { ...labels.axisLabel, hideOverlap: false, width: 110, overflow: "truncate" } });
  return {
    ...base(colours),
    legend: legend(data.series, colours),
    grid: { left: 4, right: lying ? 56 : 8, top: 20, bottom: single ? 4 : 28, containLabel: true },
    xAxis: lying ? { ...amounts, show: false } : single ? { ...labels, axisLabel: { ...labels.axisLabel, interval: 0, hideOverlap: false } } : labels,
    yAxis: lying ? labels : amounts,
    series: data.series.map((one) => ({
      name: one.name, type: "bar", data: one.values, stack: stacked ? "all" : undefined,
      barMaxWidth: lying ? 12 : 32, barGap: "10%", cursor: one.links.length ? "pointer" : "default",
      itemStyle: { color: colours[one.tone] },
      label: {
        show: single, position: lying ? "right" : "top", color: colours.text, fontSize: 11,
        formatter: ({ value }) => (value ? value.toLocaleString("en") : ""),
      },
    })),
  };
}

function heat(data, colours) {
  const cells = data.series.flatMap((row, y) => row.values.map((value, x) => [x, y, value]));
  const most = Math.max(...cells.map((cell) => cell[2]));
  return {
    ...base(colours),
    tooltip: { ...base(colours).tooltip, trigger: "item", formatter: ({ value }) => `${data.series[value[1]].name} ${data.labels[value[0]]}:00 · ${value[2]}` },
    grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
    xAxis: { ...categories(data.labels, colours), axisLine: { show: false } },
    yAxis: { ...categories(data.series.map((row) => row.name), colours), axisLine: { show: false }, inverse: true, axisLabel: { color: colours.quiet, fontSize: 11, interval: 0 } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [colours.sunken, colours.breach] } },
    series: [{
      type: "heatmap", cursor: "pointer",
      itemStyle: { borderColor: colours.surface, borderWidth: 2, borderRadius: 5 },
      emphasis: { itemStyle: { borderColor: colours.text } },
      data: cells.map((cell) => ({
        value: cell,
        label: { show: cell[2] > 0, color: cell[2] > most * 0.6 ? colours.onBreach : colours.text, fontSize: 10 },
      })),
    }],
  };
}

const kinds = {
  lines, heat, bars,
  stack: (data, colours) => bars(data, colours, { stacked: true }),
  rows: (data, colours) => bars(data, colours, { lying: true }),
};

function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const chart = drawn.get(box) ?? echarts.init(box, null, { renderer: "canvas" });
  if (!drawn.has(box)) {
    drawn.set(box, chart);
    new ResizeObserver(() => chart.resize()).observe(box);
    chart.on("click", ({ seriesIndex, dataIndex }) => {
      const link = data.link ?? data.series[seriesIndex]?.links[dataIndex];
      if (link) location.assign(link);
    });
  }
  chart.setOption(kinds[data.kind](data, ink()), true);
}

function drawAll() {
  for (const box of drawn.keys()) draw(box);
}

async function start() {
  const boxes = document.querySelectorAll("[data-chart]");
  if (!boxes.length) return;
  echarts = await import(page.dataset.echarts);
  for (const box of boxes) draw(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

// Paper is light: print in that theme, and put back the reader's own afterwards.
let theme;
addEventListener("beforeprint", () => {
  theme = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  for (const details of document.querySelectorAll(".chart details")) details.open = true;
  drawAll();
});
addEventListener("afterprint", () => {
  if (theme === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
});

document.querySelector("[data-print]")?.addEventListener("click", () => print());
const pop = document.querySelector("details.pop");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !pop?.open) return;
  pop.open = false;
  pop.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  if (pop?.open && !pop.contains(event.target)) pop.open = false;
});

if (page) start();
