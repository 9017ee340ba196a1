import { startRegion } from '#cli/global/region/region-process.ts';
import { freePorts } from '#cli/global/ports.ts';

/** Starts a region and says its process id. The test kills this process. */
const [home = '', module = ''] = process.argv.slice(2);
const [ports = { port: 0, apiPort: 0 }] = await freePorts(1);
const spec = {
  name: 'us',
  region: 'us-east-1',
  peers: [],
  secret: 'secret',
  assembly: home,
  stacks: [],
  dataDir: home,
  environment: {},
  ...ports,
};
const { pid } = await startRegion({ spec, module, about: () => undefined });
process.send?.(pid);
