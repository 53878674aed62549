// How the report is rendered and checked. `python -m acceptance.report` and `python -m acceptance.report.gate` use it;
// see acceptance/report/render.py and gate.py. People edit quality-gate.json beside it.
import { fileURLToPath } from "node:url";
import { includedInSuccessRate } from "@allurereport/core-api";
import { qualityGate } from "./quality-gate.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const figures = process.env.REPORT_QUALITY_GATE ?? here("quality-gate.json");

// Allure uses this method, which Node 22 brings and Node 20 lacks.
const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
iterator.toArray ??= function toArray() {
  return [...this];
};

// A known deviation is no pass. Allure would leave it out of the rates of success.
includedInSuccessRate.add("unknown");

export default {
  name: "Café acceptance",
  historyPath: process.env.REPORT_HISTORY ?? here("history.jsonl"),
  appendHistory: process.env.REPORT_APPEND_HISTORY !== "no",
  historyLimit: 20, // Each run makes the page larger: 7 MB with 20 runs of 98 scenarios, 10 MB with 50.
  qualityGate: qualityGate(figures, { allowDeviations: process.env.REPORT_ALLOW_DEVIATIONS === "yes" }),
  categories: {
    rules: [
      {
        // The run has found the causes, and labelled each result with its own: acceptance/report/causes.py.
        name: "Causes",
        matchers: { statuses: ["failed", "broken"], labels: { cause: /./ } },
        groupBy: [{ label: "cause" }, "status"],
        groupByMessage: false,
        expand: true,
      },
      { name: "Known deviations", matchers: { statuses: ["unknown"] }, groupByMessage: true },
      // A run that was killed could not label its results.
      { name: "Without a cause", matchers: { statuses: ["failed", "broken"] }, groupByMessage: true },
    ],
  },
  plugins: {
    additions: { import: here("page-additions.mjs"), options: { qualityGate: qualityGate(figures) } },
    awesome: {
      options: {
        reportName: "Café acceptance",
        singleFile: true,
        reportLanguage: "en",
        groupBy: ["epic", "feature", "story"],
        timeline: { minDuration: 0 },
        // Allure's other charts have nothing to show here.
        charts: [
          { type: "currentStatus", title: "This run" },
          { type: "statusDynamics", title: "Run by run" },
          { type: "statusTransitions", title: "What changed from run to run" },
          { type: "durationDynamics", title: "Time taken, run by run" },
          {
            type: "stabilityDistribution",
            title: "How steady each feature is",
            groupBy: "feature",
            skipStatuses: ["skipped", "unknown"],
            threshold: 90,
          },
          { type: "successRateDistribution", title: "Where scenarios fail" },
        ],
      },
    },
  },
};
