import type { Construct } from 'constructs';
import type { ApiStack } from './api-stack.ts';
import type { Config } from './config.ts';
import { apiHost, Edge } from './constructs/edge.ts';
import type { EdgeOrigin } from './constructs/edge-program.ts';
import { InputCopies } from './constructs/input-copies.ts';
import { STAGE } from './constructs/task-api.ts';
import { FleetStack } from './fleet-stack.ts';
import { fleetRegions } from './regions.ts';

export interface GlobalStackProps {
  readonly config: Config;
  /** The task APIs of all regions, in their order. */
  readonly apis: readonly ApiStack[];
}

/** CloudFront's own region. Requests need nothing of it once they are deployed. */
const REGION = 'us-east-1';

/** What three regions have together: the address at which callers without our client reach the nearest one. */
export class GlobalStack extends FleetStack {
  readonly edge: Edge;
  readonly inputs: InputCopies;

  constructor(scope: Construct, { config, apis }: GlobalStackProps) {
    super(scope, {
      config,
      region: REGION,
      system: 'global',
      description: 'One address for the task API of all regions',
    });
    for (const api of apis) this.addStackDependency(api);
    const [first, ...others] = fleetRegions(config).map(({ name, region }): EdgeOrigin => {
      const stack = apis.find((api) => api.region === region);
      return { name, region, host: apiHost(stack?.stackName ?? '', region) };
    });
    if (first === undefined) throw new Error('A fleet has at least one region.');
    this.inputs = new InputCopies(this, 'InputCopies');
    this.edge = new Edge(this, 'Edge', { origins: [first, ...others] });
    this.tell({
      EdgeUrl: `https://${this.edge.distribution.distributionDomainName}/`,
      DownStore: this.edge.down.keyValueStoreArn,
      ...Object.fromEntries(
        [first, ...others].map(({ name, host }) => [`ApiUrlOf${name.toUpperCase()}`, `https://${host}/${STAGE}/`]),
      ),
      ...(config.domain && { DomainUrl: `https://${config.domain.name}/` }),
    });
  }
}
