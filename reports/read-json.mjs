// Reads a JSON file that people edit. What is wrong with it is told in a sentence that begins with its name.
import { readFileSync } from "node:fs";

export function readJson(path) {
  const refuse = (why) => {
    throw new Error(`${path}: ${why}`);
  };
  try {
    return { content: JSON.parse(readFileSync(path, "utf-8")), refuse };
  } catch (error) {
    return refuse(`this is not JSON: ${error.message}`);
  }
}
