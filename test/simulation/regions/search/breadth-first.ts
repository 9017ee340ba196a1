/** A state machine to search: all that can happen next, from each state. */
export interface Machine<State> {
  readonly initial: readonly State[];
  /** What can happen in a state. Names are for people. */
  next(state: State): Iterable<{ readonly what: string; readonly state: State }>;
  /** Equal states have equal texts. */
  text(state: State): string;
  /** What is wrong with a state. Null when all invariants hold. */
  problem(state: State): string | null;
  /** A state's features, of which the search says how many it saw. */
  features(state: State): readonly string[];
}

export interface Searched {
  /** Distinct states that were reached and checked. */
  readonly states: number;
  /** Steps from an initial state to the last ones that were reached. */
  readonly depth: number;
  /** Whether no state was left to reach. Otherwise `maxStates` ended the search. */
  readonly isComplete: boolean;
  /** How many states had each feature. A search that never saw a takeover proves nothing about it. */
  readonly seen: Readonly<Record<string, number>>;
  /** The first invariant that did not hold, and the shortest way there. */
  readonly violation: { readonly problem: string; readonly steps: readonly string[] } | null;
}

/** How a state was reached. */
interface Way {
  readonly what: string;
  readonly before: Way | null;
}

/** Visits every state that can be reached, nearest first, until an invariant does not hold. */
export function searchBreadthFirst<State>(machine: Machine<State>, maxStates: number): Searched {
  const visited = new Set<string>();
  const seen: Record<string, number> = {};
  let layer: { readonly state: State; readonly way: Way | null }[] = [];
  let depth = 0;
  const result = (more: Pick<Searched, 'isComplete' | 'violation'>): Searched => ({
    states: visited.size,
    depth,
    seen,
    ...more,
  });
  /** Checks a new state. Returns what is wrong with it. */
  const visit = (state: State, way: Way | null, to: typeof layer): string | null => {
    const text = machine.text(state);
    if (visited.has(text)) return null;
    visited.add(text);
    for (const feature of machine.features(state)) seen[feature] = (seen[feature] ?? 0) + 1;
    to.push({ state, way });
    return machine.problem(state);
  };
  for (const state of machine.initial) {
    const problem = visit(state, null, layer);
    if (problem !== null) return result({ isComplete: false, violation: { problem, steps: [] } });
  }
  for (; layer.length > 0; depth += 1) {
    const following: typeof layer = [];
    for (const { state, way } of layer) {
      for (const { what, state: after } of machine.next(state)) {
        const taken: Way = { what, before: way };
        const problem = visit(after, taken, following);
        if (problem !== null) return result({ isComplete: false, violation: { problem, steps: stepsOf(taken) } });
      }
      if (visited.size >= maxStates) return result({ isComplete: false, violation: null });
    }
    layer = following;
  }
  return result({ isComplete: true, violation: null });
}

function stepsOf(way: Way | null): readonly string[] {
  const steps: string[] = [];
  for (let at = way; at !== null; at = at.before) steps.unshift(at.what);
  return steps;
}
