import { contractSchema, type Contract } from '../../agents/contract.ts';
import rule from '../../simulated-claude/contracts.rule.ts';

export interface Turn {
  readonly text: string;
}

const schema = { properties: Object.fromEntries(Object.keys(contractSchema.shape).map((name) => [name, {}])) };

/** Returns the simulated Claude's answer for a document with these pages, parsed by the agent's schema. */
export function analyse(pages: readonly string[], fault: string | null = null, followUp: Turn | null = null): Contract {
  const request = { documents: [{ pages }], schema, followUp, fault };
  if (!rule.matches(request)) throw new Error('the contract rule does not match the request of the contract analyst');
  return contractSchema.parse(rule.answer(request).json);
}

export const MASTER_AGREEMENT = [
  `MASTER SERVICES AGREEMENT

This Master Services Agreement (this "Agreement") is entered into as of January 5, 2025 (the "Effective Date"),
by and between Halvorsen Robotics, Inc., a Delaware corporation with offices at 9 Pier Street, Boston ("Customer"),
and Tarn & Fell Consulting LLC, a Vermont limited liability company ("Consultant").

1. SERVICES. Consultant shall perform the services described in each statement of work.

2. PAYMENT. Customer shall pay each undisputed invoice within thirty (30) days after it is received.

3. TERM AND RENEWAL. The initial term of this Agreement is two (2) years. It shall automatically renew for
successive one-year terms unless either party gives notice of non-renewal sixty (60) days before the end of a term.

4. TERMINATION. Customer may terminate this Agreement at any time for its convenience. Consultant may terminate it
only if Customer fails to pay.`,
  `5. CONFIDENTIALITY. Each party shall hold the other's Confidential Information in confidence and shall not
disclose it to any third party.

6. INTELLECTUAL PROPERTY. All right, title and interest in the work product vests in Customer.

7. INDEMNIFICATION. Consultant shall indemnify and hold harmless Customer from any and all claims, however caused.

8. LIABILITY. Consultant's liability under this Agreement shall be unlimited.

9. ASSIGNMENT. Neither party may assign this Agreement without the prior written consent of the other.

10. GOVERNING LAW. This Agreement shall be governed by and construed in accordance with the laws of the State of
New York, without regard to its conflict of laws rules.

HALVORSEN ROBOTICS, INC.
By: ____________________`,
];
