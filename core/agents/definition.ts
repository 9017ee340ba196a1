import type { Agent } from './define-agent.ts';

/** A definition by its parts: what each part says, or the digest of it. */
export type DefinitionStamp = Readonly<Record<string, string>>;

/** Longer texts are stamped by their digest, so that a lock file stays readable. */
const MAX_PLAIN = 40;

/**
 * Stamps the parts of a definition on which the life and the meaning of a task depend. Two stamps are equal exactly when
 * the parts are, on every machine: the order of an object's keys does not count.
 *
 * Left out are the description, which lists show, and the day budget, which an operator must be able to change at once.
 * Code is left out too (`prepare`, `check`, a tool's `run`): its text says nothing about what it does.
 * @param sha256 in hex
 */
export function stampOf(agent: Agent<never>, sha256: (text: string) => string): DefinitionStamp {
  const stamped = Object.entries(partsOf(agent)).flatMap(([part, value]) => {
    if (value === undefined) return [];
    const text = typeof value === 'string' ? value : canonicalJson(value);
    return [[part, text.length <= MAX_PLAIN && !text.includes('\n') ? text : `sha256:${sha256(text)}`] as const];
  });
  return Object.fromEntries(stamped);
}

function partsOf(agent: Agent<never>): Readonly<Record<string, unknown>> {
  const { system, tier, upgradeTo, inputSchema, outputSchema, takesObject, budget, sessionOverflow } = agent;
  const { maxOutputTokens, maxSteps, maxObjectBytes, timeLimit, deadline } = agent;
  const tools = agent.tools.map((tool) => {
    const { name, description, untrusted = false } = tool;
    return [`tools.${name}`, { description, inputSchema: tool.inputSchema, untrusted }] as const;
  });
  return {
    system,
    tier,
    model: agent.model,
    upgrade: upgradeTo,
    input: inputSchema,
    output: outputSchema,
    takesObject,
    // Claude reads the tools in this order.
    tools: tools.map(([name]) => name.slice('tools.'.length)).join(', '),
    ...Object.fromEntries(tools),
    delegates: delegatesOf(agent),
    search: agent.search && `at most ${agent.search.maxUses}`,
    'budget.tokens': budget.tokens,
    'budget.usd': budget.usd,
    maxOutputTokens,
    maxSteps,
    // Nobody else reads objects.
    maxObjectBytes: takesObject ? maxObjectBytes : undefined,
    timeLimit,
    deadline,
    sessionOverflow,
  };
}

/** Which agents its names stand for. Their versions are left out: a new one of a delegate needs none of the agent. */
function delegatesOf({ delegates }: Agent<never>): string | undefined {
  const names = Object.entries(delegates).map(([to, { name }]) => `${to}=${name}`);
  return names.length === 0 ? undefined : names.join(', ');
}

/** JSON with the keys of every object sorted. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

const WORDS: Readonly<Record<string, string>> = {
  system: 'system prompt',
  input: 'input schema',
  output: 'output schema',
  tools: 'list of tools',
};

/** Names the parts that differ, for people: `system prompt, tier (fast, now deep), tool convert (new)`. */
export function differences(before: DefinitionStamp, now: DefinitionStamp): string[] {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return parts.filter((part) => before[part] !== now[part]).map((part) => difference(part, before[part], now[part]));
}

function difference(part: string, before: string | undefined, now: string | undefined): string {
  const name = WORDS[part] ?? part.replace(/^tools\./, 'tool ');
  if (before === undefined) return `${name} (new)`;
  if (now === undefined) return `${name} (removed)`;
  return [before, now].some((text) => text.startsWith('sha256:')) ? name : `${name} (${before}, now ${now})`;
}
