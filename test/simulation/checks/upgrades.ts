import type { ModelStep } from '#core/tasks/step.ts';
import { DEEP_MODEL, isOneOf } from '../world/areas/area.ts';
import { isTerminal, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** Answers of one tier: the first, and the repaired one. */
const ANSWERS_OF_A_TIER = 2;

/**
 * R: a task whose answer is unsure, or still wrong after its repair, goes on at the higher tier, once.
 * - R1 It never comes back to the lower tier, and only a first call at the higher tier says why.
 * - R2 It goes up only after an answer that is unsure, or after two that were rejected.
 * - R3 A tier gives at most two answers.
 * - R4 An answer that is unsure is the task's output only if it is the higher tier's, or no budget had room for that.
 *   An answer from before a tool ran is never the output.
 * - R5 It fails for its output, or for its budget, only if no tier gave an answer that can stand.
 * What its calls cost is checked as for any other call (I4): the higher tier costs twice as much.
 */
export function checkUpgrades(write: TaskWrite): void {
  const { before, after, history, plan } = write;
  const unsureTenths = plan.area?.upgrades?.unsureTenths;
  if (unsureTenths === undefined) return;
  if (after.steps.length > before.steps.length) checkOrder(history, after.steps, unsureTenths);
  if (isTerminal(after.state) && !isTerminal(before.state)) checkEnd(write, unsureTenths);
}

function checkOrder(history: History, epochs: readonly number[], unsureTenths: number): void {
  const steps = modelSteps(history, epochs);
  steps.forEach((step, index) => {
    const previous = steps[index - 1];
    const isDeep = step.model === DEEP_MODEL;
    const goesUp = isDeep && previous?.model !== DEEP_MODEL;
    expectThat(isDeep || previous?.model !== DEEP_MODEL, 'R1', () => `${history.alias} came back to ${step.model}`);
    expectThat(goesUp === (step.rise !== undefined), 'R1', () => `step ${step.index} says "${step.rise}" of its tier`);
    if (!goesUp) return;
    const finals = steps.slice(0, index).filter(isFinal);
    const last = finals.at(-1);
    const reason = last && (isUnsure(last, unsureTenths) || (finals.length >= 2 && finals.slice(-2).every(isRejected)));
    expectThat(reason === true, 'R2', () => `${history.alias} goes up after ${finals.length} answers without a reason`);
  });
  for (const deep of [false, true]) {
    const answers = steps.filter((step) => isFinal(step) && (step.model === DEEP_MODEL) === deep);
    expectThat(answers.length <= ANSWERS_OF_A_TIER, 'R3', () => `${answers.length} answers of one tier`);
  }
}

function checkEnd({ history, before, after }: TaskWrite, unsureTenths: number): void {
  const { state } = after;
  const finals = modelSteps(history, before.steps).filter(isFinal);
  const last = finals.at(-1);
  if (state.status === 'succeeded' && last) {
    const refused = state.warnings.some((warning) => warning.includes('no room for a call'));
    const stands = finals.findLast((step) => textOf(step) === JSON.stringify(state.output));
    const since = before.steps.slice((stands?.index ?? 0) + 1);
    const ranATool = since.some((epoch, at) => {
      const step = history.steps.get(`${(stands?.index ?? 0) + 1 + at}/${epoch}`);
      return step?.kind === 'tool';
    });
    expectThat(!ranATool, 'R4', () => `${history.alias} ends with an answer from before a tool ran`);
    const ofLower = last.model !== DEEP_MODEL;
    expectThat(
      !ofLower || refused || !isUnsure(last, unsureTenths),
      'R4',
      () => `${history.alias} ends with an unsure answer of the lower tier, and no budget refused the higher one`,
    );
  }
  if (state.status !== 'failed') return;
  const { kind } = state.failure;
  if (kind === 'invalid-output') {
    const ofHigher = finals.filter(({ model }) => model === DEEP_MODEL);
    expectThat(
      ofHigher.length >= 2,
      'R5',
      () => `${history.alias} fails after ${ofHigher.length} answers of the higher tier`,
    );
  }
  // What a tool did since may make an earlier answer wrong, so only the last step's counts.
  const mayStand = last && last.index === before.steps.length - 1 && !isRejected(last) && last.model !== DEEP_MODEL;
  expectThat(kind !== 'over-budget' || !mayStand, 'R5', () => `${history.alias} fails for its budget, with an answer`);
}

const modelSteps = (history: History, epochs: readonly number[]): readonly ModelStep[] =>
  epochs.flatMap((epoch, index) => {
    const step = history.steps.get(`${index}/${epoch}`);
    return step?.kind === 'model' ? [step] : [];
  });

const textOf = ({ content }: ModelStep): string =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('');

const isFinal = ({ stopReason }: ModelStep): boolean => stopReason !== 'tool-use';

const sumOf = (step: ModelStep): number | null => {
  const [, sum] = /^\{"sum":(\d+)\}$/.exec(textOf(step)) ?? [];
  return sum === undefined ? null : Number(sum);
};

const isRejected = (step: ModelStep): boolean => sumOf(step) === null;

function isUnsure(step: ModelStep, tenths: number): boolean {
  const sum = sumOf(step);
  return sum !== null && isOneOf(tenths, sum);
}
