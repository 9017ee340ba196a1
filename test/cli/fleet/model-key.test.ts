import { expect, it } from 'vitest';
import { checkProvider } from '#cli/fleet/model-key.ts';
import { bootFleet } from '#cli/fleet/boot.ts';
import { UserError } from '#cli/user-error.ts';
import { terminalOutput } from '#cli/terminal/output.ts';

const setting = (provider: string): string => JSON.stringify({ provider });

it.each(['bedrock', 'claude-platform-aws'])(
  'a key beside the provider %s is refused, with a word about cost',
  (name) => {
    const refused = expect.objectContaining({
      message: expect.stringContaining(name),
      remedy: expect.stringMatching(/Unset ANTHROPIC_API_KEY .*costs nothing.*bills every call/),
    });
    expect(() => checkProvider('sk-test', setting(name))).toThrow(UserError);
    expect(() => checkProvider('sk-test', setting(name))).toThrow(refused);
  },
);

it('without a key any provider starts, since the simulated model stands in for it', () => {
  expect(() => checkProvider(null, setting('bedrock'))).not.toThrow();
});

it('a key is for the Claude API, which is what the configuration names if it names nothing', () => {
  expect(() => checkProvider('sk-test', setting('anthropic'))).not.toThrow();
  expect(() => checkProvider('sk-test')).not.toThrow();
});

it('a fleet is refused before anything of it starts', async () => {
  const boot = {
    dataDir: '/nonexistent/fleet',
    port: 0,
    latencyMs: 0,
    apiKey: 'sk-test',
    settings: { model: setting('bedrock') },
  };
  await expect(bootFleet([], boot, terminalOutput(true))).rejects.toThrow('names the provider bedrock');
});
