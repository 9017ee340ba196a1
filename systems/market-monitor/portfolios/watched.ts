import { compileRule, type CompiledRule, type RuleProblem } from '../rules/compile.ts';
import { DEFAULT_RULES } from '../rules/defaults.ts';
import type { Rule } from '../rules/rule.ts';
import { isMarketWide } from '../rules/variables.ts';
import { subjectOf, type Holding, type PortfolioFile } from './portfolio.ts';

/** A portfolio that is ready to be evaluated. */
export interface Portfolio {
  readonly id: string;
  /** Version of the portfolio, and so of its rules. */
  readonly version: number;
  readonly file: PortfolioFile;
  /** Day of which the quantities are. */
  readonly asOf: string;
  readonly holdings: ReadonlyMap<string, Holding>;
  /** Tickers of what it watches, by subject. */
  readonly watch: ReadonlyMap<string, string>;
  readonly rules: readonly CompiledRule[];
}

/** Who is concerned by a subject. */
export interface Watchers {
  of(subject: string): readonly Portfolio[];
}

const PORTFOLIO = 'portfolio:';

/** An index by subject, so that an event is evaluated only for portfolios that hold or watch its instrument. */
export function watchersOf(portfolios: readonly Portfolio[]): Watchers {
  const bySubject = new Map<string, Portfolio[]>();
  for (const portfolio of portfolios) {
    for (const subject of new Set([
      ...portfolio.holdings.keys(),
      ...portfolio.watch.keys(),
      PORTFOLIO + portfolio.id,
    ])) {
      const known = bySubject.get(subject);
      if (known === undefined) bySubject.set(subject, [portfolio]);
      else known.push(portfolio);
    }
  }
  return { of: (subject) => (isMarketWide(subject) ? portfolios : (bySubject.get(subject) ?? [])) };
}

/** The rules of a portfolio: its own, and the default ones that it neither replaces nor disables. */
export function rulesOf({ rules, disabledRules }: Pick<PortfolioFile, 'rules' | 'disabledRules'>): Rule[] {
  const gone = new Set([...rules.map(({ id }) => id), ...disabledRules]);
  return [...DEFAULT_RULES.filter(({ id }) => !gone.has(id)), ...rules];
}

const compiledDefaults = new Map<Rule, CompiledRule>();

/** Prepares a portfolio. Rules that do not compile are left out and returned: a release may understand what another does not. */
export function prepared(
  file: PortfolioFile,
  { version, asOf }: { readonly version: number; readonly asOf: string },
): { readonly portfolio: Portfolio; readonly problems: readonly RuleProblem[] } {
  const compiled = rulesOf(file).map((rule) => compiledOnce(rule));
  const portfolio = {
    id: file.id,
    version,
    file,
    asOf: file.asOf ?? asOf,
    holdings: new Map(file.holdings.map((each) => [subjectOf(each.cik), each])),
    watch: new Map(file.watch.map(({ cik, ticker }) => [subjectOf(cik), ticker])),
    rules: compiled.flatMap((each) => (each.ok ? [each.rule] : [])),
  };
  return { portfolio, problems: compiled.flatMap((each) => (each.ok ? [] : each.problems)) };
}

/** Default rules are the same object for all portfolios, so one evaluation of them serves all. */
function compiledOnce(rule: Rule): ReturnType<typeof compileRule> {
  const known = compiledDefaults.get(rule);
  if (known !== undefined) return { ok: true, rule: known };
  const compiled = compileRule(rule);
  if (compiled.ok && DEFAULT_RULES.includes(rule)) compiledDefaults.set(rule, compiled.rule);
  return compiled;
}
