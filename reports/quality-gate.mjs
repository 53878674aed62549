// The quality gate: what quality-gate.json demands, as rules of Allure's `qualityGate`, told in sentences.
import { maxFailuresRule, metricMaxRule, metricMinRule, minTestsCountRule } from "allure/rules";
import { readJson } from "./read-json.mjs";

const wasJudged = ({ status }) => status !== "skipped";
const isGood = ({ status }) => status === "passed" || status === "skipped";
// Allure calls a result without a status “unknown”, too: only the run's own label makes a known deviation of one.
const isDeviating = ({ status, labels }) =>
  status === "unknown" && labels.some(({ name, value }) => name === "tag" && value === "Known deviation");

export function qualityGate(path, { allowDeviations = false } = {}) {
  const { scenarios, metrics } = read(path);
  return {
    rules: [
      { id: "no scenario fails", maxFailures: 0, filter: (tr) => !isDeviating(tr) },
      ...(allowDeviations ? [] : [{ id: "no scenario deviates", maxDeviations: 0 }]),
      { id: "enough scenarios", minTestsCount: scenarios.minimum, filter: wasJudged },
      ...Object.entries(metrics).flatMap(([key, bounds]) =>
        Object.entries(bounds).map(([bound, value]) => ({ id: key, [METRIC_RULES[bound]]: { key, value } })),
      ),
    ],
    use: [
      noFailures,
      noDeviations,
      enoughScenarios,
      ofWorst(inWords(metricMaxRule, "at most")),
      ofWorst(inWords(metricMinRule, "at least")),
    ],
  };
}

const METRIC_RULES = { maximum: "metricMax", minimum: "metricMin" };

// Allure's own rule overlooks a result without a status. Here nothing is good by default.
const noFailures = {
  ...maxFailuresRule,
  validate: async ({ trs, expected }) => {
    const bad = trs.filter((tr) => !isGood(tr));
    const failed = bad.filter(({ status }) => status === "failed").length;
    const actual = { failed, unchecked: bad.length - failed };
    return { success: bad.length <= expected, actual, testResults: bad.map(({ id }) => id) };
  },
  message: ({ actual: { failed, unchecked } }) => {
    const scenarios = (number) => `${number} ${number === 1 ? "scenario" : "scenarios"}`;
    if (!failed) {
      return `${scenarios(unchecked)} could not be checked.`;
    }
    return `${scenarios(failed)} failed${unchecked ? `, ${unchecked} could not be checked` : ""}.`;
  },
  successMessage: () => "No scenario failed.",
};

const noDeviations = {
  rule: "maxDeviations",
  validate: async ({ trs, expected }) => {
    const testResults = trs.filter(isDeviating).map(({ id }) => id);
    return { success: testResults.length <= expected, actual: testResults.length, testResults };
  },
  message: ({ actual }) =>
    `${actual} known ${actual === 1 ? "deviation counts" : "deviations count"} (--allow-deviations lets them pass).`,
  successMessage: () => "No scenario deviates.",
};

const enoughScenarios = {
  ...minTestsCountRule,
  message: ({ actual, expected }) => `Only ${actual} of at least ${expected} scenarios ran.`,
  successMessage: ({ actual, expected }) => `${actual} scenarios ran (minimum ${expected}).`,
};

// What is measured of each system, as `exercised-<system>`, is demanded of each of them: the lowest figure decides.
function ofWorst(rule) {
  const validate = async ({ metrics, expected, ...more }) => {
    const own = metrics.filter(({ key }) => key.startsWith(`${expected.key}-`)).sort((a, b) => a.value - b.value);
    const key = own.length ? own[0].key : expected.key;
    return rule.validate({ ...more, metrics, expected: { ...expected, key } });
  };
  return { ...rule, validate };
}

function inWords(rule, bound) {
  const say = ({ actual: { key, title = key, unit = "", value }, expected }) => {
    const figure = (number) => `${Number(number.toFixed(3))} ${unit}`.trim();
    const measured = Number.isFinite(value) ? `: ${figure(value)}` : " was not measured";
    return `${title}${measured}; it must be ${bound} ${figure(expected.value)}.`;
  };
  return { ...rule, message: say, successMessage: say };
}

function read(path) {
  const { content, refuse } = readJson(path);
  const { about, scenarios, metrics, ...unknown } = Object(content);
  for (const name of Object.keys(unknown)) {
    refuse(`nobody knows what “${name}” means; there are scenarios and metrics.`);
  }
  if (!isBounds(scenarios, ["minimum"]) || scenarios.minimum < 1) {
    refuse("scenarios must say a minimum of at least 1, and nothing else.");
  }
  for (const [key, bounds] of Object.entries(Object(metrics))) {
    if (!isBounds(bounds, Object.keys(METRIC_RULES))) {
      refuse(`${key} must say a maximum or a minimum, as a number, and nothing else.`);
    }
  }
  return { scenarios, metrics: Object(metrics) };
}

function isBounds(bounds, names) {
  const figures = Object.entries(Object(bounds));
  return figures.length > 0 && figures.every(([name, value]) => names.includes(name) && Number.isFinite(value));
}
