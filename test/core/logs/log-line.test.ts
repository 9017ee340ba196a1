import { describe, expect, it, test } from 'vitest';
import { fingerprintOf } from '#core/logs/fingerprint.ts';
import { fits, readLine, type LogLine } from '#core/logs/log-line.ts';

const SECRET = 'The patient Ada Lovelace owes $4,711';
const read = (text: string): LogLine | null =>
  readLine({ id: 'line-1', at: 7, group: 'fleet-dev-assistant-Logs-1', text });
const record = (more: object): LogLine => {
  const line = read(
    JSON.stringify({ level: 'WARN', message: 'task.finished', service: 'fleet-dev-assistant', ...more }),
  );
  if (line === null) throw new Error('It is not a line.');
  return line;
};
const task = { id: 'task-1', tenant: 'acme', runId: 'run-1', agent: 'assistant', agentVersion: '1', epoch: 2 };

describe('a line', () => {
  it('shows the event, ids and fields, without what says nothing about the event', () => {
    const noise = {
      timestamp: 'x',
      cold_start: true,
      function_arn: 'arn',
      function_memory_size: 512,
      sampling_rate: 0,
    };
    const given = {
      ...noise,
      function_request_id: 'r-1',
      xray_trace_id: '1-2',
      trace_id: 't',
      span_id: 's',
      task,
      status: 'failed',
      ms: 5,
    };
    expect(record(given)).toEqual({
      id: 'line-1',
      at: 7,
      level: 'WARN',
      message: 'task.finished',
      function: 'fleet-dev-assistant',
      tenant: 'acme',
      agent: 'assistant',
      taskId: 'task-1',
      fields: {
        runId: 'run-1',
        agentVersion: '1',
        requestId: 'r-1',
        xrayTraceId: '1-2',
        traceId: 't',
        spanId: 's',
        epoch: 2,
        status: 'failed',
        ms: 5,
      },
    });
  });

  it.each([
    ['metrics', JSON.stringify({ _aws: { CloudWatchMetrics: [] }, TaskTime: 5, service: 'x' })],
    ['what a function printed', SECRET],
    ['what a function printed as an error', `2026-11-30T00:00:00.000Z\trequest-1\tERROR\t${SECRET}`],
    ['broken JSON', `{"level":"ERROR","message":"${SECRET}`],
    ['JSON without a message', JSON.stringify({ level: 'ERROR', said: SECRET })],
    ['Lambda’s own lines', 'REPORT RequestId: 1 Duration: 5 ms'],
  ])('is not made of %s', (_, text) => {
    expect(read(text)).toBeNull();
  });

  it.each([
    ['JSON.parse', () => JSON.parse(SECRET) as unknown],
    ['JSON.parse of a broken object', () => JSON.parse(`{"said": "${SECRET}"`) as unknown],
    [
      'an error that quotes',
      () => {
        throw new Error(`Cannot read "${SECRET} and "more"" here`);
      },
    ],
    [
      'an error that quotes with single quotation marks',
      () => {
        throw new Error(`The agent's input isn't valid: key='${SECRET}' or '${SECRET}' can't be read`);
      },
    ],
    [
      'an error that quotes with typographic marks',
      () => {
        throw new Error(`Unknown: “${SECRET}” and ‘${SECRET}’`);
      },
    ],
    [
      'an error with several lines',
      () => {
        throw new Error(`No: \`${SECRET}\nand more\``);
      },
    ],
  ])('never contains what %s rejected', (_, act) => {
    let error: unknown;
    try {
      act();
    } catch (thrown) {
      error = thrown;
    }
    const { name, message, stack } = error as Error;
    const line = record({ message: 'message.failed', error: { name, message, stack, location: 'x' } });
    expect(JSON.stringify(line)).not.toContain('Ada');
    expect(line.fields['error']).toMatchObject({ name, at: expect.arrayContaining([expect.stringMatching(/^at /)]) });
  });

  it('keeps words with an apostrophe', () => {
    const message = "The agent's input isn't valid: it hasn't a 'name'.";
    const { error } = record({ error: { name: 'Error', message, stack: '' } }).fields;
    expect(error).toMatchObject({ message: "The agent's input isn't valid: it hasn't a '…'." });
  });

  it.each(["'a ", '‘a ', '“a '])('a line of nothing but opening marks (%s) is read in time', (mark) => {
    const { error } = record({ error: { name: 'Error', message: mark.repeat(80_000), stack: '' } }).fields;
    expect(error).toMatchObject({ message: expect.stringMatching(/^['‘“]/) });
  });

  it('groups errors of one cause, whatever they quote', () => {
    const [one, other] = ['Ada', 'Bob'].map((name) =>
      record({ error: { name: 'Error', message: `No record of '${name}' found`, stack: '' } }),
    );
    expect(fingerprintOf(one as LogLine)).toBe(fingerprintOf(other as LogLine));
  });

  it('reports crashes that Lambda wrote as text, without what they quote', () => {
    const invoke = {
      errorType: 'SyntaxError',
      errorMessage: `Unexpected token in "${SECRET}"`,
      trace: ['SyntaxError', '    at run (index.mjs:1:2)'],
    };
    const crash = `2026-11-30T00:00:00.000Z\trequest-1\tERROR\tInvoke Error\t${JSON.stringify(invoke)}`;
    expect(read(crash)).toMatchObject({
      level: 'ERROR',
      message: 'function.crashed',
      fields: { error: { name: 'SyntaxError', message: 'Unexpected token in "…"', at: ['at run (index.mjs:1:2)'] } },
    });
  });

  it.each([
    [
      '2026-11-30T00:00:00.000Z request-1 Task timed out after 3.00 seconds',
      { message: 'function.timed-out', fields: { said: 'Task timed out after 3.00 seconds' } },
    ],
    [
      'RequestId: request-1 Error: Runtime exited with error: signal: killed',
      { message: 'function.exited', fields: { said: 'Runtime exited with error: signal: killed' } },
    ],
    [
      `INIT_REPORT Status: error Error Type: Runtime.ImportModuleError Cannot load "${SECRET}"`,
      { message: 'function.not-started', fields: { said: 'Error Type: Runtime.ImportModuleError' } },
    ],
  ])('reports %s of a function that its log group names', (text, expected) => {
    const line = readLine({ id: 'line-1', at: 7, group: 'fleet-x', service: 'fleet-dev-assistant', text });
    expect(line).toMatchObject({ function: 'fleet-dev-assistant', level: 'ERROR', ...expected });
    expect(fits(line as LogLine, { agents: ['assistant'], services: ['fleet-dev-assistant'], errors: true })).toBe(
      true,
    );
  });

  it('is bounded, whatever a function logs', () => {
    const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
    const line = record({
      text: 'x'.repeat(100_000),
      list: Array.from({ length: 1_000 }, () => 'y'.repeat(1_000)),
      deep,
    });
    expect(JSON.stringify(line).length).toBeLessThan(20_000);
  });
});

test('I8: a line fits the tenant that it names and no other, and without a tenant none', () => {
  const mine = record({ task });
  expect(fits(mine, { tenant: 'acme' })).toBe(true);
  expect(fits(mine, { tenant: 'other' })).toBe(false);
  expect(fits(record({}), { tenant: 'acme' })).toBe(false);
  expect(fits(mine, { taskId: 'task-2' })).toBe(false);
  expect(fits(mine, { agents: ['assistant'] })).toBe(true);
  expect(fits(record({}), { agents: ['assistant'] })).toBe(false);
  expect(fits(record({}), { agents: ['assistant'], services: ['fleet-dev-assistant'] })).toBe(true);
  expect(fits(record({ level: 'INFO' }), { errors: true })).toBe(false);
});

test('errors of the same cause have the same fingerprint', () => {
  const failed = (id: string, message: string) =>
    record({
      message: 'message.failed',
      task: { ...task, id },
      error: { name: 'TimeoutError', message, stack: 'at a.ts:1:2' },
    });
  const one = fingerprintOf(failed('task-1', 'Request req_0123 timed out after 5000 ms'));
  expect(one).toMatch(/^[0-9a-f]{8}$/);
  expect(fingerprintOf(failed('task-2', 'Request req_9876 timed out after 6001 ms'))).toBe(one);
  expect(fingerprintOf(failed('task-1', 'Access denied'))).not.toBe(one);
});
