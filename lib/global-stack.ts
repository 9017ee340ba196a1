import type { Construct } from 'constructs';
import type { ApiStack } from './api-stack.ts';
import type { Config } from './config.ts';
import { apiHost, Edge } from './constructs/edge.ts';
import type { EdgeOrigin } from './constructs/edge-program.ts';
import { ObjectCopies } from './constructs/object-copies.ts';
import { STAGE } from './constructs/task-api.ts';
import { FleetStack } from './fleet-stack.ts';
import { fleetRegions } from './regions.ts';

export interface GlobalStackProps {
  readonly config: Config;
  /** The task APIs of all regions, in their order. */
  readonly apis: readonly ApiStack[];
  /** All stacks of the fleet. What they name is copied between the regions. */
  readonly stacks: readonly FleetStack[];
}

/** CloudFront's own region. Requests need nothing of it once they are deployed. */
const REGION = 'us-east-1';

/** What three regions have together: the address at which callers without our client reach the nearest one. */
export class GlobalStack extends FleetStack {
  readonly edge: Edge;
  readonly copies: readonly ObjectCopies[];

  constructor(scope: Construct, { config, apis, stacks }: GlobalStackProps) {
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
    this.copies = this.#copy(stacks);
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

  /** The stacks of a system are the same in each region, so those of the first one name what is copied. */
  #copy(stacks: readonly FleetStack[]): readonly ObjectCopies[] {
    const copying = stacks.filter(({ copied }) => copied.length > 0);
    for (const stack of copying) this.addStackDependency(stack);
    return copying
      .filter(({ region }) => region === this.config.regions[0])
      .flatMap(({ stackName, copied }) => copied.map((objects) => new ObjectCopies(this, { ...objects, stackName })));
  }
}
