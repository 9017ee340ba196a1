import { parentPort } from 'node:worker_threads';
import jsonata from 'jsonata';
import { EVALUATION_LIMITS, type Evaluation } from './evaluation.ts';
import { register, seeded } from './functions.ts';
import { result, type Result } from './result.ts';

/** What the expression that runs at present reads. Expressions are compiled once and run one at a time. */
let current: { readonly now: number; seed: number } = { now: 0, seed: 0 };
let depth = 0;

const compiled = new Map<string, jsonata.Expression>();

function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const expression = jsonata(text);
  register(expression, { now: () => current.now, random: () => seeded((current.seed += 1)) });
  // jsonata calls these two around each part of an expression. Calls at the end of a function do not count.
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as never, () => {
    depth += 1;
    if (depth > EVALUATION_LIMITS.depth) {
      throw new Error(`The evaluation exceeded the depth limit of ${EVALUATION_LIMITS.depth} calls.`);
    }
  });
  expression.assign(Symbol.for('jsonata.__evaluate_exit') as never, () => {
    depth -= 1;
  });
  compiled.set(text, expression);
  return expression;
}

async function evaluate({ text, bindings, now, random }: Evaluation): Promise<Result> {
  current = { now, seed: Math.floor(random * 2 ** 32) };
  depth = 0;
  const found = await result(compile(text), bindings);
  const size = found.kind === 'value' ? JSON.stringify(found.value).length : 0;
  if (size <= EVALUATION_LIMITS.resultBytes) return found;
  return { kind: 'failed', reason: `The result exceeds ${EVALUATION_LIMITS.resultBytes} bytes.` };
}

parentPort?.on('message', (evaluation: Evaluation) => {
  void evaluate(evaluation).then((found) => parentPort?.postMessage(found));
});
parentPort?.postMessage({ kind: 'ready' });
