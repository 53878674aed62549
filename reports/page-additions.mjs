// What Allure's page leaves out. A plug-in that comes before the one that makes the page: it shows what the quality
// gate says, which `allure generate` never asks.

export default class PageAdditions {
  constructor({ qualityGate }) {
    this.gate = qualityGate;
  }

  async done(_context, store) {
    const trs = await store.allTestResults();
    const results = await judge(this.gate, trs, await store.allMetrics());
    store.qualityGateResultsByEnvironmentId = async () => ({ default: results });
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
