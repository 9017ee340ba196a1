/**
 * Expressions that this process may evaluate itself, since their cost is at most proportional to the size of their text
 * times the size of their data. Everything else runs in a process that can be killed (`evaluator.ts`).
 *
 * Cheap is: names, literals, operators, conditions, object and array constructors, one assignment, and calls of functions
 * whose result is no larger than their arguments. Not cheap: functions of one's own (recursion), regular expressions
 * (backtracking), ranges, functions that call functions, and variables inside steps and filters (one array for each
 * element of another).
 */

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly [field: string]: unknown;
}

/** Functions whose time and result are proportional to the size of their arguments. */
const FUNCTIONS = new Set(
  `abs append average base64decode base64encode boolean ceil contains count decodeUrl decodeUrlComponent
   encodeUrl encodeUrlComponent error exists floor formatBase formatNumber fromMillis hash join keys length
   lookup lowercase max merge millis min not now number parse random replace reverse round spread split sqrt
   string substring substringAfter substringBefore sum toMillis trim type uppercase uuid zip power parseInteger`.split(
    /\s+/,
  ),
);

/** Functions of which all arguments but the first must be written in the expression, since the result grows with their product. */
const LITERAL_ARGUMENTS = new Set(['replace', 'formatNumber', 'fromMillis', 'toMillis', 'now', 'parseInteger', 'join']);

const LITERALS = new Set(['string', 'number', 'value']);
const COMPARISONS = new Set(['=', '!=', '<', '<=', '>', '>=']);
const OPERATORS = new Set([...COMPARISONS, '+', '-', '*', '/', '%', '&', 'and', 'or', 'in']);

/** Functions whose result can be several times as long as their argument, so that nesting them grows exponentially. */
const EXPANDING = new Set(['string', 'base64encode', 'encodeUrl', 'encodeUrlComponent', 'join']);

/** With more, copies of the same data could add up. */
const MAX_VARIABLES = 24;
const MAX_ASSIGNMENTS = 1;
const MAX_EXPANDING_CALLS = 4;

/** Whether an expression, as a jsonata syntax tree, is cheap for all data. */
export function isCheap(ast: unknown): boolean {
  return new Budget().cheap(ast as Node);
}

class Budget {
  #variables = 0;
  #assignments = 0;
  #expanding = 0;

  /** `inner` is set inside a step or filter, which runs once for each element of an array. */
  cheap(node: Node, inner = false): boolean {
    if ('group' in node || 'focus' in node || 'index' in node || 'tuple' in node || 'ancestor' in node) return false;
    return this.#own(node, inner) && children(node['predicate']).every((stage) => this.#filter(stage));
  }

  #own(node: Node, inner: boolean): boolean {
    const { type = '', value } = node;
    if (LITERALS.has(type)) return true;
    switch (type) {
      case 'name':
        return true;
      case 'variable':
        // `$` is the element itself.
        if (inner && value === '') return true;
        this.#variables += 1;
        return !inner && this.#variables <= MAX_VARIABLES;
      case 'path':
        return this.#path(children(node['steps']), inner);
      case 'binary':
        return (
          OPERATORS.has(String(value)) && [node['lhs'], node['rhs']].every((side) => this.#operand(side, node, inner))
        );
      case 'bind':
        this.#assignments += 1;
        return this.#assignments <= MAX_ASSIGNMENTS && !inner && this.cheap(node['rhs'] as Node);
      case 'block':
        return children(node['expressions']).every((child) => this.cheap(child, inner));
      case 'condition':
        return [node['condition'], node['then'], node['else']].every(
          (child) => child === undefined || this.cheap(child as Node, inner),
        );
      case 'unary':
        return this.#unary(node, inner);
      case 'function':
        return this.#call(node, inner);
      default:
        return false;
    }
  }

  /** In a filter, a variable may be compared: the comparison ends where the element does. */
  #operand(side: unknown, { value }: Node, inner: boolean): boolean {
    const node = side as Node;
    if (inner && node.type === 'variable' && COMPARISONS.has(String(value)) && !('predicate' in node)) return true;
    return this.cheap(node, inner);
  }

  #path(steps: readonly Node[], inner: boolean): boolean {
    // Each step with an expression can multiply the elements that the next one gets.
    const computed = steps.slice(1).filter(({ type }) => type !== 'name').length;
    if (computed > (inner ? 0 : 1)) return false;
    return steps.every((step, index) => {
      if ('stages' in step && !children(step['stages']).every((stage) => this.#filter(stage))) return false;
      return index === 0 ? this.cheap(step, inner) : this.cheap(step, true);
    });
  }

  #filter(stage: Node): boolean {
    return stage.type === 'filter' && this.cheap(stage['expr'] as Node, true);
  }

  #unary(node: Node, inner: boolean): boolean {
    if (node.value === '-') return this.cheap(node['expression'] as Node, inner);
    if (node.value === '[') return children(node['expressions']).every((child) => this.cheap(child, inner));
    if (node.value !== '{') return false;
    return (node['lhs'] as readonly (readonly Node[])[]).every((pair) =>
      pair.every((child) => this.cheap(child, inner)),
    );
  }

  #call(node: Node, inner: boolean): boolean {
    const procedure = node['procedure'] as Node;
    const name = String(procedure.value);
    if (procedure.type !== 'variable' || !FUNCTIONS.has(name)) return false;
    if (EXPANDING.has(name)) this.#expanding += 1;
    if (this.#expanding > MAX_EXPANDING_CALLS) return false;
    const given = children(node['arguments']);
    if (LITERAL_ARGUMENTS.has(name) && !given.slice(1).every(({ type = '' }) => LITERALS.has(type))) return false;
    return given.every((argument) => this.cheap(argument, inner));
  }
}

function children(list: unknown): readonly Node[] {
  return Array.isArray(list) ? (list as readonly Node[]) : [];
}
