import { SPECIALISTS, type Specialist } from '../findings/finding.ts';
import { detect, type Detector } from './detector.ts';
import { logicDetectors } from './logic.ts';
import { readRequest } from './read-request.ts';
import { securityDetectors } from './security.ts';
import { styleDetectors } from './style.ts';
import { testsDetectors } from './tests.ts';

/** The part of the simulated Claude's request that these rules read. */
interface Request {
  readonly text: string;
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
  readonly followUp: { readonly text: string } | null;
  readonly fault: string | null;
}

const DETECTORS: Readonly<Record<Specialist, readonly Detector[]>> = {
  security: securityDetectors,
  logic: logicDetectors,
  style: styleDetectors,
  tests: testsDetectors,
};

/** The last line that begins so: no line of the change can, since each has a mark before it. */
const specialistOf = ({ text }: Request): Specialist | undefined => {
  const [, name] = [...text.matchAll(/^You are the (\w+) specialist of this code review\./gm)].at(-1) ?? [];
  return SPECIALISTS.find((each) => each === name);
};

/** Reviews code for the simulated Claude, by rules that read only the diff. It imitates judgement; it has none. */
export default {
  name: 'code-review',
  matches: (request: Request): boolean =>
    'findings' in (request.schema?.properties ?? {}) && specialistOf(request) !== undefined,
  answer(request: Request) {
    const specialist = specialistOf(request) ?? 'logic';
    const findings = detect(readRequest(request.text), DETECTORS[specialist]);
    // The fault `wrong-quote` corrupts one quote, which the repair leaves out.
    if (request.fault !== 'wrong-quote' || findings.length === 0) return { json: { findings } };
    const [first, ...rest] = findings;
    return {
      json: { findings: request.followUp ? rest : [{ ...first, quote: `${first?.quote} // as I recall` }, ...rest] },
    };
  },
};
