import type { z } from 'zod';
import type { Caller } from '#core/api/http/caller.ts';
import { ApiProblem, notFound } from '#core/api/http/problem.ts';
import type { PortfolioStore } from '../../portfolios/store.ts';
import { isInEffect, type Silence } from '../silence.ts';
import { problemOfScope } from '../silence-scope.ts';
import { endSilence, inOrder, makeSilence, MAX_SILENCES, type SilencePorts } from '../silencing.ts';
import { knownPortfolio, nameOf } from './known.ts';
import type { silenceBodySchema, silenceViewSchema } from './messages.ts';

export interface SilenceApiPorts extends SilencePorts {
  readonly store: Pick<PortfolioStore, 'read'>;
  /** The tenant that the market monitor works for. To others, its portfolios do not exist (I8). */
  readonly tenant: string;
}

type View = z.input<typeof silenceViewSchema>;

/** Throws `ApiProblem` if the caller has no such portfolio. */
export async function listSilences(
  ports: SilenceApiPorts,
  caller: Caller,
  portfolio: string,
  all: boolean,
): Promise<View[]> {
  await knownPortfolio(ports, caller, portfolio);
  const now = ports.clock.now();
  return inOrder(await ports.alerts.silences(portfolio), now)
    .filter((each) => all || isInEffect(each, now))
    .map((each) => silenceView(each, now));
}

/** Throws `ApiProblem` if there is no such portfolio, or it can have no alert of this kind. */
export async function postSilence(
  ports: SilenceApiPorts,
  caller: Caller,
  portfolio: string,
  { seconds, subject, cause, ...body }: z.output<typeof silenceBodySchema>,
): Promise<View> {
  const scope = { ...(subject !== undefined && { subject }), ...(cause !== undefined && { cause }) };
  const problem = problemOfScope(await knownPortfolio(ports, caller, portfolio), scope);
  if (problem !== null) throw new ApiProblem('invalid-request', `${problem.field}: ${problem.message}.`, [problem]);
  const asked = { ...body, ...scope, portfolio, by: nameOf(caller), ms: seconds * 1_000 };
  const made = await makeSilence(ports, asked);
  if (made !== null) return silenceView(made, ports.clock.now());
  throw new ApiProblem(
    'cannot-accept',
    `The portfolio "${portfolio}" has ${MAX_SILENCES} silences already. End one, or silence a cause of all its instruments.`,
  );
}

/** Throws `ApiProblem` if the caller has no such silence. */
export async function deleteSilence(
  ports: SilenceApiPorts,
  caller: Caller,
  { id: portfolio, silence: id }: { readonly id: string; readonly silence: string },
): Promise<View> {
  await knownPortfolio(ports, caller, portfolio);
  const ended = await endSilence(ports, { portfolio, id, by: nameOf(caller) });
  if (ended === null) throw notFound('silence', id);
  return silenceView(ended.silence, ports.clock.now());
}

/** A silence as API and commands show it. */
export function silenceView(silence: Silence, now: number): View {
  const { id, portfolio, subject = null, cause = null, upTo, until, by, why, madeAt, ended } = silence;
  return {
    id,
    portfolio,
    subject,
    cause,
    upTo,
    inEffect: isInEffect(silence, now),
    until: new Date(until).toISOString(),
    by,
    why,
    madeAt: madeAt === undefined ? null : new Date(madeAt).toISOString(),
    endedBy: ended?.by ?? null,
  };
}
