import {
  type APIError,
  APIConnectionError,
  APIConnectionTimeoutError,
  InternalServerError,
  OverloadedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { FaultPlan } from '../src/faults.ts';
import { optionsSchema, type Fault, type SimulatedClaudeOptions } from '../src/options.ts';
import { ask, jsonFormat, simulate, textOf, shareEcho } from './support.ts';

const echo = shareEcho();

const withFault = (fault: Fault | 'none' | 'typo') => ({ headers: { 'x-simulated-fault': fault } });

describe('faults by header', () => {
  it.each([
    ['429', RateLimitError, 'rate_limit_error'],
    ['529', OverloadedError, 'overloaded_error'],
    ['500', InternalServerError, 'api_error'],
  ] as const)('returns %s', async (fault, errorClass, type) => {
    const { client, stats } = await simulate({ faults: { retryAfterSeconds: 7 } });
    const error = await client.messages.create(ask('hello'), withFault(fault)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status: Number(fault), type });
    expect((error as APIError).headers?.get('retry-after')).toBe(fault === '429' ? '7' : null);
    expect(await stats()).toMatchObject({ faults: { [fault]: 1 }, throttled: fault === '429' ? 1 : 0 });
  });

  it('recovers with the retries of the SDK', async () => {
    const { client } = await simulate({ faults: { script: ['529', '429'], retryAfterSeconds: 0 } });
    const message = await client.messages.create(ask('hello'), { maxRetries: 2 });
    expect(textOf(message)).toBe('hello');
  });

  it('changes while it runs, and refuses what is no fault', async () => {
    const { client, setFaults } = await simulate();
    setFaults({ rates: { '529': 1 } });
    await expect(client.messages.create(ask('hello'))).rejects.toBeInstanceOf(OverloadedError);
    setFaults({});
    expect(textOf(await client.messages.create(ask('hello')))).toBe('hello');
    expect(() => setFaults({ rates: { '529': 2 } })).toThrow(/<=1/);
  });

  it('breaks the JSON of an answer whose stop reason is end_turn', async () => {
    const { client } = await echo();
    const request = ask('hello', { output_config: jsonFormat() });
    const broken = await client.messages.create(request, withFault('broken-json'));
    expect(broken.stop_reason).toBe('end_turn');
    expect(() => JSON.parse(textOf(broken))).toThrow(SyntaxError);
    const unfit = await client.messages.create(request, withFault('invalid-schema'));
    expect(JSON.parse(textOf(unfit))).toEqual({ pages: [] });
  });

  it('refuses halfway', async () => {
    const { client } = await echo();
    const message = await client.messages.create(ask('hello '.repeat(50)), withFault('refusal'));
    expect(message.stop_reason).toBe('refusal');
    expect(textOf(message).length).toBeLessThan(200);
  });

  it.each([false, true])('cuts an answer after it has begun (streamed: %s)', async (stream) => {
    const { client } = await echo();
    const response = await client.messages.create({ ...ask('hello'), stream }, withFault('cut')).asResponse();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('closes the connection', async () => {
    const { client } = await echo();
    const cut = client.messages.create(ask('hello'), withFault('disconnect'));
    await expect(cut).rejects.toThrow(APIConnectionError);
  });

  it('delays the answer', async () => {
    const { client } = await simulate({ faults: { slowMs: 60_000 } });
    const slow = client.messages.create(ask('hello'), { ...withFault('slow'), timeout: 100 });
    await expect(slow).rejects.toThrow(APIConnectionTimeoutError);
  });

  it('rejects an unknown fault', async () => {
    const { client } = await echo();
    const rejected = client.messages.create(ask('hello'), withFault('typo'));
    await expect(rejected).rejects.toThrow(/x-simulated-fault: .*typo.* is not a fault. Use one of: none, 429/);
  });
});

describe('faults by rate', () => {
  const planOf = (faults: NonNullable<SimulatedClaudeOptions['faults']>) =>
    new FaultPlan(optionsSchema.parse({ rules: [], faults }).faults);
  const draws = (plan: FaultPlan, content: (call: number) => string) =>
    Array.from({ length: 1_000 }, (_, call) => plan.next(undefined, content(call)));

  it('draws the same faults for the same seed, at about the rate', () => {
    const [one, again, other] = [1, 1, 2].map((seed) => draws(planOf({ seed, rates: { '429': 0.2 } }), () => 'same'));
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(one?.filter((fault) => fault === '429').length).toBeGreaterThan(150);
    expect(one?.filter((fault) => fault === '429').length).toBeLessThan(250);
  });

  it('damages the answers of the same content on every run, in any order', () => {
    const plan = planOf({ rates: { 'wrong-quote': 0.5 } });
    const fates = draws(plan, (call) => `document ${call % 10}`);
    expect(fates.slice(0, 10)).toEqual(fates.slice(990));
    expect(new Set(fates)).toEqual(new Set([null, 'wrong-quote']));
  });
});
