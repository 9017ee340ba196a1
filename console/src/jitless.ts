import { config } from 'zod';

// The policy of the page forbids `eval`, which zod would otherwise use to compile schemas. Before any schema is made.
config({ jitless: true });
