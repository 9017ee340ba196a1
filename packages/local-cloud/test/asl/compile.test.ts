import { describe, expect, it } from 'vitest';
import { compile } from '../../src/asl/compile.ts';
import { compiled, single } from './harness.ts';

const pass = { Type: 'Pass', End: true };

describe('definitions', () => {
  it('rejects JSONPath mode and says what to set', () => {
    const definition = JSON.stringify({ StartAt: 'A', States: { A: pass } });
    const options = { sources: { now: () => 0, random: () => 0 }, checkResource: () => undefined };
    expect(() => compile(definition, options)).toThrow(
      /'A' is in JSONPath mode.*"QueryLanguage": "JSONata".*at \/States\/A/,
    );
    expect(() => compile('{"StartAt"', options)).toThrow(/^INVALID_JSON_DESCRIPTION/);
  });

  it('rejects JSONPath fields in a JSONata state', () => {
    expect(() => compiled(single({ ...pass, ResultPath: '$.x' }))).toThrow(/ResultPath is a JSONPath field/);
  });

  it.each<[string, object, RegExp]>([
    ['unknown fields', single({ ...pass, Colour: 'red' }), /Unrecognized key: "Colour" at \/States\/Only/],
    ['unknown types', single({ Type: 'Poll' }), /SCHEMA_VALIDATION_FAILED.*Type/],
    [
      'a missing target',
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } },
      /MISSING_TRANSITION_TARGET.*: B at/,
    ],
    ['a missing start', { StartAt: 'X', States: { A: pass } }, /MISSING_TRANSITION_TARGET/],
    ['unreachable states', { StartAt: 'A', States: { A: pass, B: pass } }, /State "B" is not reachable/],
    ['neither Next nor End', { StartAt: 'A', States: { A: { Type: 'Pass' } } }, /exactly one of Next and End/],
    [
      'States.ALL with others',
      single({ Type: 'Task', Resource: 'r', Retry: [{ ErrorEquals: ['A', 'States.ALL'] }] }),
      /alone/,
    ],
    [
      'both Seconds and Timestamp',
      single({ Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z' }),
      /exactly one of Seconds/,
    ],
    ['the variable states', single({ ...pass, Assign: { states: 1 } }), /reserved|Invalid key/],
    [
      'an ItemReader of an inline Map',
      single({ Type: 'Map', Label: 'L', ItemProcessor: { StartAt: 'I', States: { I: pass } } }),
      /Label needs/,
    ],
    [
      'an expression that does not parse',
      single({ ...pass, Output: '{% ( %}' }),
      /invalid JSONata.*at \/States\/Only\/Output/,
    ],
  ])('rejects %s', (_what, definition, message) => {
    expect(() => compiled(definition)).toThrow(message);
  });

  it('rejects a duplicate name in a state machine', () => {
    const branch = { StartAt: 'Only', States: { Only: pass } };
    expect(() => compiled(single({ Type: 'Parallel', Branches: [branch] }))).toThrow(/DUPLICATE_STATE_NAME/);
  });

  it('rejects waiting for a token in Express children', () => {
    const send = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true };
    const processor = {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
      StartAt: 'S',
      States: { S: send },
    };
    expect(() => compiled(single({ Type: 'Map', ItemProcessor: processor }))).toThrow(/Express.*\.waitForTaskToken/);
  });

  it('rejects an inner scope that assigns an outer variable, except in a Distributed Map', () => {
    const inner = { StartAt: 'I', States: { I: { ...pass, Assign: { x: 2 } } } };
    const around = (ProcessorConfig: object) => ({
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { x: 1 }, Next: 'Each' },
        Each: { Type: 'Map', ItemProcessor: { ProcessorConfig, ...inner }, End: true },
      },
    });
    expect(() => compiled(around({ Mode: 'INLINE' }))).toThrow(/assigns the variable 'x' of an outer scope/);
    expect(() => compiled(around({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }))).not.toThrow();
  });
});
