import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { BucketDeployment, CacheControl, Source, type ISource } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { explain, explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { ConsoleSite } from './console-site.ts';

export interface ConsoleFilesProps {
  readonly site: ConsoleSite;
  /** How the page signs people in. */
  readonly settings: Readonly<Record<string, string>>;
}

const PROJECT = join(import.meta.dirname, '..', '..');

/** The built console in the bucket of its site. */
export class ConsoleFiles extends Construct {
  constructor(scope: Construct, id: string, { site, settings }: ConsoleFilesProps) {
    super(scope, id);
    const files = Stack.of(this).bundlingRequired ? buildConsole() : Source.data('index.html', '');
    const into = { destinationBucket: site.files, destinationKeyPrefix: 'console', retainOnDelete: false };
    // Their names carry a hash. Those of the release before stay, since a page that is open still loads them.
    const chunks = new BucketDeployment(this, 'Chunks', {
      ...into,
      sources: [files],
      exclude: ['*'],
      include: ['chunks/*'],
      prune: false,
      cacheControl: [CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    const page = new BucketDeployment(this, 'Page', {
      ...into,
      sources: [files, Source.jsonData('config.json', settings)],
      exclude: ['chunks/*'],
      cacheControl: [CacheControl.noCache()],
      distribution: site.distribution,
      distributionPaths: ['/console/*'],
    });
    // Nobody gets a page before what it loads.
    page.node.addDependency(chunks);
    this.#explainCopier(site);
  }

  /** CDK's function is one for the whole stack. */
  #explainCopier({ files }: ConsoleSite): void {
    const stack = FleetStack.of(this);
    const copier = stack.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (copier === undefined) throw new Error('CDK no longer copies files by a function of the stack.');
    const reason = 'CDK’s own function, run at deployments only. Its permissions are those that CDK gives it.';
    const policy = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    const actions = ['GetBucket', 'GetObject', 'List', 'Abort', 'DeleteObject'].map(
      (name) => `IAM5[Action::s3:${name}*]`,
    );
    // The last one is that of CloudFront's invalidations.
    const findings = ['L1', `IAM4[Policy::${policy}]`, ...actions, 'IAM5[Resource::*]'];
    explain(copier, Object.fromEntries(findings.map((finding) => [finding, reason])));
    explainStar(copier, files.arnForObjects('*'), reason);
    explainStar(copier, `arn:aws:s3:::cdk-hnb659fds-assets-${stack.account}-${stack.region}/*`, reason);
  }
}

/** The program builds into a folder of its own, which becomes an asset. */
function buildConsole(): ISource {
  const folder = join(mkdtempSync(join(tmpdir(), 'fleet-console-')), 'console');
  execFileSync(process.execPath, [join(PROJECT, 'console/build.ts'), folder], { cwd: PROJECT });
  return Source.asset(folder);
}
