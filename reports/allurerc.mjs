// How the report is rendered. `python -m support.report` runs it; see support/report/render.py.
import { fileURLToPath } from "node:url";

// Allure uses this method, which Node 22 brings and Node 20 lacks.
const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
iterator.toArray ??= function toArray() {
  return [...this];
};

export default {
  name: "Café acceptance",
  historyPath: process.env.REPORT_HISTORY ?? fileURLToPath(new URL("history.jsonl", import.meta.url)),
  appendHistory: true,
  historyLimit: 50,
  categories: {
    rules: [
      {
        name: "The system broke a promise",
        matchers: { statuses: ["failed"] },
        groupByMessage: true,
      },
      {
        name: "The run did not get that far",
        matchers: { statuses: ["broken"], message: /^(Not run:|interrupted)/ },
        groupByMessage: true,
      },
      {
        name: "Could not be judged",
        matchers: { statuses: ["broken"] },
        groupByMessage: true,
      },
    ],
  },
  plugins: {
    awesome: {
      options: {
        reportName: "Café acceptance",
        singleFile: true,
        reportLanguage: "en",
        groupBy: ["epic", "feature", "story"],
        timeline: { minDuration: 0 },
      },
    },
  },
};
