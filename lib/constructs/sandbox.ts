import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { IpAddresses, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Effect, Grant, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { explain } from '../explain.ts';
import type { Wire } from '../wiring.ts';
import { FleetFunction } from './fleet-function.ts';

/** What Lambda asks of a function's role to place it in a VPC. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
const PLACING = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
/** Seconds of one program at the most, see core/ports/sandbox.ts, and what its process takes to start and end. */
const TIME_LIMIT = 45;

/**
 * Runs code that nobody vouches for, in a function of its own: without a network, and with a role that may write its log
 * and nothing else. A pool is given it by `running()`. Why a VPC: docs/adr/0011-the-sandbox.md.
 */
export class Sandbox extends Construct {
  readonly runner: FleetFunction;
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = this.#makeVpc();
    this.runner = new FleetFunction(this, 'RunCode', {
      entry: 'functions/run-code/handler.ts',
      programs: { 'interpreter.mjs': 'functions/run-code/interpreter.ts' },
      service: 'run-code',
      description: 'Runs code that nobody vouches for',
      timeLimit: TIME_LIMIT,
      memory: 1_024,
      traced: false,
      environment: {},
    });
    this.#place();
  }

  /** The function's name, for the workers whose tools run in it. */
  running(): Wire {
    const { functionArn, functionName } = this.runner.lambda;
    return {
      value: functionName,
      grantTo: (grantee) =>
        Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [functionArn] }),
    };
  }

  /** Two subnets that no route leaves: no gateway of any kind, no endpoint, not even a resolver for names. */
  #makeVpc(): Vpc {
    const vpc = new Vpc(this, 'Nowhere', {
      ipAddresses: IpAddresses.cidr('10.255.0.0/24'),
      maxAzs: 2,
      natGateways: 0,
      createInternetGateway: false,
      enableDnsHostnames: false,
      enableDnsSupport: false,
      // CDK would do it by a function of its own; nothing uses that group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
    });
    explain(vpc, { VPC7: 'There is no traffic to log: no route leaves the subnets and no rule allows any.' });
    return vpc;
  }

  /** By hand, since CDK would add a managed policy that may write all logs of the account. */
  #place(): void {
    const { lambda, role } = this.runner;
    const group = new SecurityGroup(this, 'NoTraffic', {
      vpc: this.vpc as IVpc,
      description: 'Lets nothing in and nothing out',
      allowAllOutbound: false,
    });
    role.addToPolicy(new PolicyStatement({ actions: PLACING, resources: ['*'] }));
    explain(role, { 'IAM5[Resource::*]': 'Lambda places the function by it; interfaces have no name before that.' });
    // Lambda needs these rights, the code in the function does not.
    const ownCode = new PolicyStatement({
      effect: Effect.DENY,
      actions: PLACING,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': lambda.functionArn } },
    });
    const policy = new Policy(this, 'NotByItsCode', { roles: [role], statements: [ownCode] });
    explain(policy, { 'IAM5[Resource::*]': 'It denies.' });
    const resource = lambda.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error('The function has no resource of its own.');
    resource.vpcConfig = {
      subnetIds: this.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [group.securityGroupId],
    };
  }
}
