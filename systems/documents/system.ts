import { join } from 'node:path';
import { defineSystem } from '../manifest.ts';
import { addDocuments } from './cli/add-documents.ts';
import { documentsSettings } from './settings.ts';

export const documentsSystem = defineSystem({
  name: 'documents',
  description: 'Analyses the contracts in a bucket in parallel, one task each, and writes one report.',
  settings: documentsSettings,
  stack: async () => (await import('./stack.ts')).DocumentsStack,
  agents: async () => [(await import('./agents/contract-analyst.ts')).contractAnalyst],
  claudeRules: [join(import.meta.dirname, 'simulated-claude/contracts.rule.ts')],
  commands: addDocuments,
  sample: async (fleet) => (await import('./cli/sample.ts')).runSample(fleet),
  hints: ({ UploadBucket }) => ({
    'Upload bucket': `s3://${UploadBucket}/uploads/<id>/…`,
    'Your contracts': 'npm run fleet -- documents FOLDER   (in another terminal)',
  }),
});
