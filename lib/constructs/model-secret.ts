import type { Construct } from 'constructs';
import { NamedSecret } from './named-secret.ts';

/** The model's API key, `<prefix>/model-api-key`. Deployed with a placeholder. docs/deploy.md describes how to set the key. */
export class ModelSecret extends NamedSecret {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      name: 'model-api-key',
      description: 'The API key of the model, see docs/deploy.md',
      unrotated: 'The key is issued in Anthropic’s console, which no rotation function can reach.',
    });
  }
}
