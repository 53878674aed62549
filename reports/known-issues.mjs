// Known defects of the tested system: what known-issues.json says, in the words of Allure's `resolutions`.
// A known failure stays a failure. An entry that is not bound to scenarios and to words of the message is refused.
import { createHash } from "node:crypto";
import { readJson } from "./read-json.mjs";

const KEYS = ["issue", "url", "reason", "scenarios", "message"];

// A message may tell of several troubles, see `_together` in acceptance/report/verdicts.py. Then not all of it is known.
const ONE_TROUBLE = String.raw`^(?!(?:Given|When|Then|And|But|\*) .*:\n)(?![^]*\n(?:after_\w+.*|Tidying up afterwards): )`;

export function resolutions(path) {
  const issues = read(path);
  return {
    // Otherwise Allure writes the issues it met to known-issues.json in its working folder: over the file it comes from.
    knownIssuesPath: "",
    // The page shows an issue's type, but no link. So the type is the address; page-additions.mjs makes the link of it.
    links: Object.fromEntries(issues.map(({ issue, url }) => [url, { urlTemplate: template(issue, url) }])),
    rules: issues.map(({ issue, url, reason, scenarios, message }) => ({
      resolution: "issue",
      issue: { id: issue, type: url },
      comment: reason,
      testCaseId: scenarios.map((key) => createHash("md5").update(key).digest("hex")), // as acceptance/report/listener.py
      messageRegexp: `${ONE_TROUBLE}[^]*(?:${message})`,
    })),
  };
}

function read(path) {
  const { content, refuse } = readJson(path);
  if (!Array.isArray(content?.issues)) {
    refuse("`issues` must be a list, `[]` if there are none.");
  }
  const seen = new Set();
  content.issues.forEach((entry, index) => {
    const why = trouble(entry) ?? (seen.has(entry.issue) && "it is there twice; name all its scenarios in one entry.");
    if (why) {
      refuse(`entry ${index + 1} (${entry?.issue ?? "without an issue"}): ${why}`);
    }
    seen.add(entry.issue);
  });
  return content.issues;
}

function trouble(entry) {
  const names = Object.keys(Object(entry));
  const odd = [...names.filter((name) => !KEYS.includes(name)), ...KEYS.filter((name) => !names.includes(name))];
  if (odd.length > 0) {
    return `it must say ${KEYS.join(", ")}, and nothing else; look at ${odd.join(", ")}.`;
  }
  const { issue, url, reason, scenarios, message } = entry;
  if (![issue, url, reason, message].every(isText)) {
    return "issue, url, reason and message must be texts that are not empty.";
  }
  if (!Array.isArray(scenarios) || scenarios.length === 0 || !scenarios.every(isText)) {
    return "scenarios must be a list of at least one scenario's key.";
  }
  if (!/^https?:\/\/[^/]/.test(url) || !url.includes(encodeURIComponent(issue))) {
    return `url must be a full address, https://…, with “${issue}” in it.`;
  }
  return troubleWith(message);
}

function troubleWith(message) {
  let words;
  try {
    words = new RegExp(message);
  } catch (error) {
    return `message: ${error.message}.`;
  }
  return words.test("") ? "message fits any failure; it must hold words of this one." : undefined;
}

function isText(value) {
  return typeof value === "string" && value.trim() !== "";
}

function template(issue, url) {
  const id = encodeURIComponent(issue);
  const at = url.lastIndexOf(id);
  return `${url.slice(0, at)}%s${url.slice(at + id.length)}`;
}
