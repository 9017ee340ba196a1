import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const TRACED = new URL('../../../runtime/observability/traced.ts', import.meta.url).href;
/** Wraps a handler that answers, and one that throws, and prints what callers get. */
const PROGRAM = `
  const { traced } = await import('${TRACED}');
  const telemetry = await import('${TRACED.replace('traced.ts', 'telemetry.ts')}');
  const answers = traced('answers', async (event) => event + 1);
  const throws = traced('throws', async () => { throw new Error('It broke.'); });
  const context = { functionName: 'f', awsRequestId: 'r' };
  const error = await throws(1, context).catch(({ message }) => message);
  console.log(JSON.stringify({ traces: telemetry.tracer !== undefined, answer: await answers(1, context), error }));
`;

// A process of its own, since the SDK of X-Ray follows every promise of its process once it is loaded.
test.each([
  ['with the tracer, as on AWS', 'true', true],
  ['without it, as on one machine', 'false', false],
])('a handler answers and throws %s', async (_, POWERTOOLS_TRACE_ENABLED, traces) => {
  const env = {
    ...process.env,
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    POWERTOOLS_TRACE_ENABLED,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM], { env });
  const said = stdout.trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(said)).toEqual({ traces, answer: 2, error: 'It broke.' });
});
