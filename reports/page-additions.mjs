// What Allure's page leaves out. A plug-in that comes before the one that makes the page: it asks the quality gate, which
// `allure generate` never does. Allure's page shows, and counts, what is breached; the cover shows every rule.
import { writeFileSync } from "node:fs";

export default class PageAdditions {
  constructor({ qualityGate }) {
    this.gate = qualityGate;
  }

  async done(_context, store) {
    const trs = await store.allTestResults();
    const results = await judge(this.gate, trs, await store.allMetrics());
    if (process.env.REPORT_GATE) {
      const rules = results.map(({ rule, success, message, actual }) => {
        // How many scenarios there must be, and what was not measured, is asked of a run about all systems.
        const measured = rule === "no scenario fails" || Number.isFinite(actual?.value);
        return { rule, success, message, measured };
      });
      writeFileSync(process.env.REPORT_GATE, JSON.stringify(rules));
    }
    store.qualityGateResultsByEnvironmentId = async () => ({ default: results.filter(({ success }) => !success) });
  }
}

// As Allure's own QualityGate does it, which is not exported. Each of our rulesets holds one rule.
function judge({ rules, use }, trs, metrics) {
  const state = { getResult: () => undefined, setResult: () => undefined };
  return Promise.all(
    rules.map(async ({ id, filter = () => true, ...demand }) => {
      const [[name, expected]] = Object.entries(demand);
      const rule = use.find((candidate) => candidate.rule === name);
      const result = await rule.validate({ trs: trs.filter(filter), metrics, expected, state });
      const say = result.success ? rule.successMessage : rule.message;
      return { ...result, expected, rule: id, message: say({ actual: result.actual, expected }) };
    }),
  );
}
