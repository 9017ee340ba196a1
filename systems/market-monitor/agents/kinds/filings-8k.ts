import { defineAnalyst } from '../factory.ts';

export const filings8k = defineAnalyst({
  name: 'filings-8k',
  version: '1',
  explains: '8-K filings at the SEC',
  classes: ['bankruptcy', 'cybersecurity', 'delisting', 'restatement', 'results', 'leadership', 'agreement', 'other'],
  freshness: 3_600,
  instructions: `The items name the subject: 1.03 bankruptcy, 1.05 a cybersecurity incident, 3.01 delisting, 4.02 earlier statements that cannot be
relied on, 2.02 results, 5.02 leadership, 1.01 an agreement. Say what the company itself states, and what it leaves open.`,
});
