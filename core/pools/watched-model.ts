import { failureOf } from '../failures/failure.ts';
import type { Model } from '../ports/model.ts';
import { countAnswer, countFailure, isOfPool } from './breaker.ts';
import { changePool } from './change.ts';
import type { PoolPorts } from './pause.ts';
import type { PoolRule } from './pool.ts';

/** Samples are for the breaker alone: one that meets so many other writers is let go. */
const TRIES = 3;

/**
 * The model as a pool calls it: its breaker is told how calls end. While all is well that writes nothing, and reads
 * what is at most two seconds old.
 */
export function watchedModel(ports: PoolPorts & { readonly model: Model }, agent: string): Model {
  const { model, pools, clock } = ports;
  const note = (rule: PoolRule): Promise<unknown> => changePool(pools, agent, rule, TRIES).catch(() => undefined);
  return {
    ...model,
    async invoke(request) {
      try {
        const answer = await model.invoke(request);
        const pool = await pools.view(agent).catch(() => null);
        if (pool && (pool.trouble || pool.state.status === 'half-open')) {
          await note((current) => countAnswer(current, clock.now()));
        }
        return answer;
      } catch (error) {
        const failure = failureOf(error);
        // A call that we broke off ourselves says nothing.
        if (isOfPool(failure) && request.signal?.aborted !== true) {
          await note((current) => countFailure(current, failure.reason, clock.now()));
        }
        throw error;
      }
    },
  };
}
