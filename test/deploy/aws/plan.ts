import { createInterface } from 'node:readline/promises';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { systems } from '#bin/systems.ts';
import type { Cloud } from '../cloud.ts';
import { fleetHas } from '../needs.ts';

/** How the check reaches a model. */
export type ModelAccess =
  | { readonly kind: 'simulated'; readonly url: string }
  /** Anthropic's API, with the key of the environment. */
  | { readonly kind: 'real'; readonly key: string }
  /** The secret keeps its placeholder. Tasks fail, and only what needs no model is checked. */
  | { readonly kind: 'none' };

export const DOCUMENTS = 20;
/** The limits in US dollars that the check gives to a document and to a task. */
export const USD_PER_DOCUMENT = 0.1;
export const USD_PER_TASK = 0.05;
/** Tasks of the assistant that the check submits, retries included. */
export const MAX_TASKS = 12;

/** An idle fleet's price by the hour, and requests of this check (docs/deploy.md, What an idle fleet costs). */
const IDLE_USD_PER_HOUR = 17.01 / 730;
const REQUESTS_USD = 0.05;

/** An estimate of what AWS bills for the check, at list prices. */
export const awsUsd = (seconds: number): number => REQUESTS_USD + (IDLE_USD_PER_HOUR * seconds) / 3_600;

/** Of the agent that answers the support message; 0 in a fleet without the support system. */
const supportUsd = ((await systems.find(({ name }) => name === 'support')?.agents()) ?? []).reduce(
  (sum, { budget }) => sum + budget.usd,
  0,
);
const documentsUsd = fleetHas('documents') ? DOCUMENTS * USD_PER_DOCUMENT : 0;
export const mostTokensUsd = documentsUsd + MAX_TASKS * USD_PER_TASK + supportUsd;

/** What the check will do, before it does anything. */
export function describePlan(cloud: Cloud, prefix: string, model: ModelAccess): string {
  const place = cloud.endpoint === undefined ? `AWS account ${cloud.account}` : `the emulator at ${cloud.endpoint}`;
  const tokens = {
    real: `tokens with your ANTHROPIC_API_KEY for at most $${mostTokensUsd.toFixed(2)}`,
    simulated: 'no tokens: a simulated model on this machine answers',
    none: 'no tokens: ANTHROPIC_API_KEY is not set, so only what needs no model is checked',
  }[model.kind];
  const work = [
    ...(fleetHas('documents') ? [`${DOCUMENTS} sample documents`] : []),
    'tasks by the API',
    'a callback',
    ...(fleetHas('support') ? ['a support message'] : []),
  ];
  return [
    `This check deploys all stacks as ${prefix}-* to ${place}, region ${cloud.region}.`,
    `It runs ${new Intl.ListFormat('en-GB').format(work)},`,
    'checks permissions and traces, and removes everything, also after Ctrl-C or an error.',
    `It costs ${tokens}; AWS bills about $${awsUsd(3_600).toFixed(2)} for an hour. It takes about 20 minutes on AWS.`,
    `If it is killed, remove what is left with: npm run check:aws -- --remove ${prefix} --region ${cloud.region}`,
  ].join('\n');
}

/** Asks whether to go on. Throws `UserError` if nobody can answer or the answer is no. */
export async function confirm(signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY)
    throw wrongUsage('This is not a terminal, so nobody can confirm.', 'Give --yes to run without a question.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question('Continue? [y/N] ', { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was deployed.', 'Answer y to continue.');
  } finally {
    prompt.close();
  }
}
