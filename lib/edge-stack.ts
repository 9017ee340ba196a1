import { Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EdgeMarker } from './constructs/edge-marker.ts';
import { FleetStack, type PlaceProps } from './fleet-stack.ts';
import type { GlobalStack } from './global-stack.ts';

export interface EdgeStackProps extends PlaceProps {
  readonly global: GlobalStack;
  /** The stack that is deployed before it. */
  readonly before: FleetStack;
}

/** What a region sees to at the edge of a fleet of three. It comes last, since it needs the store that the edge reads. */
export class EdgeStack extends FleetStack {
  readonly marker: EdgeMarker;

  constructor(scope: Construct, { config, region, global, before }: EdgeStackProps) {
    super(scope, { config, region, system: 'edge', description: 'Marks lost regions at the edge' });
    this.addStackDependency(before);
    // Read when the stack is deployed, without any coupling.
    const store = Fn.getStackOutput(global.stackName, 'DownStore', global.region);
    this.marker = new EdgeMarker(this, 'Marker', { store });
  }
}
