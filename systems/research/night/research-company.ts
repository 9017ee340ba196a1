import type { Company } from '../companies/company.ts';
import { lost, outcomeOf, type Evidence, type Researched } from './outcome.ts';
import type { NightPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** The first two stages for one company. It waits for no other company. */
export async function researchCompany(
  company: Company,
  night: string,
  ports: NightPorts,
  signal: AbortSignal,
): Promise<Researched> {
  const memory = await ports.recall(company.id, night);
  const digest = (text: string): string => ports.digest(text);
  const evidence: Evidence = { company, night, memory, documents: [], failures: [], digest };
  if (company.website === null && company.cik === null)
    return lost(evidence, 'unknown', 'no website and no SEC number is known');
  const found = { ...evidence, ...(await ports.collect(company, night, signal)) };
  const reading = readingOf(company, found.documents, night);
  const answered = reading.input === null ? null : await ports.analyse(reading.input, signal);
  return outcomeOf(found, reading, answered);
}
