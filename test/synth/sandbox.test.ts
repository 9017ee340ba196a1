import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CalculatorStack } from '../systems/calculator/stack.ts';
import { quickApp, removeFolder } from './synthesize.ts';

const app = quickApp('prod');
const [stack] = app.add(CalculatorStack);
if (stack === undefined) throw new Error('The app has no stack.');
const template = Template.fromStack(stack);
removeFolder(app.outdir);

type Resources = Readonly<Record<string, { readonly Properties: Readonly<Record<string, unknown>> }>>;
const all = (type: string): Resources => template.findResources(type) as Resources;
const idOf = (type: string, prefix: string): string => {
  const id = Object.keys(all(type)).find((name) => name.startsWith(prefix));
  if (id === undefined) throw new Error(`There is no ${type} ${prefix}*.`);
  return id;
};

describe('the sandbox on AWS', () => {
  it('lies in a network that nothing leaves: no gateway, no endpoint, no route, no resolver', () => {
    for (const type of [
      'InternetGateway',
      'NatGateway',
      'EgressOnlyInternetGateway',
      'VPCEndpoint',
      'Route',
      'VPCPeeringConnection',
    ]) {
      expect([type, Object.keys(all(`AWS::EC2::${type}`))]).toEqual([type, []]);
    }
    template.hasResourceProperties('AWS::EC2::VPC', { EnableDnsSupport: false, EnableDnsHostnames: false });
    expect(Object.keys(all('AWS::EC2::Subnet'))).toHaveLength(2);
  });

  it('lets nothing in and nothing out', () => {
    const groups = Object.values(all('AWS::EC2::SecurityGroup')).map(({ Properties }) => Properties);
    expect(groups).toHaveLength(1);
    expect(groups[0]).not.toHaveProperty('SecurityGroupIngress');
    // CDK's way to say none: an empty list would mean everything.
    expect(groups[0]?.['SecurityGroupEgress']).toMatchObject([{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' }]);
    expect(Object.keys(all('AWS::EC2::SecurityGroupEgress'))).toEqual([]);
  });

  it('places the function there, without tracing', () => {
    const { Properties } = all('AWS::Lambda::Function')[idOf('AWS::Lambda::Function', 'SandboxRunCode')] ?? {};
    expect(Properties?.['VpcConfig']).toMatchObject({
      SubnetIds: [expect.anything(), expect.anything()],
      SecurityGroupIds: [expect.anything()],
    });
    expect(Properties).not.toHaveProperty('TracingConfig');
  });

  it('has a role for its log and its place, and denies the place to the code', () => {
    const role = idOf('AWS::IAM::Role', 'SandboxRunCode');
    const policies = Object.values(all('AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties['Roles']).includes(role),
    );
    const statements = policies.flatMap(
      ({ Properties }) =>
        (Properties['PolicyDocument'] as { Statement: { Effect: string; Action: string[]; Condition?: unknown }[] })
          .Statement,
    );
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    expect(
      allowed.filter(
        (action) =>
          !/^(logs:(CreateLogStream|PutLogEvents)|ec2:\w*(NetworkInterface|PrivateIp|Subnet)\w*)$/.test(action),
      ),
    ).toEqual([]);
    const denied = statements.find(({ Effect }) => Effect === 'Deny');
    expect(denied?.Action).toEqual(allowed.filter((action) => action.startsWith('ec2:')));
    expect(JSON.stringify(denied?.Condition)).toContain('lambda:SourceFunctionArn');
    expect(all('AWS::IAM::Role')[role]?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('is called by its pool alone', () => {
    const callers = Object.entries(all('AWS::IAM::Policy')).filter(([, policy]) => {
      const text = JSON.stringify(policy);
      return text.includes('lambda:InvokeFunction') && text.includes('SandboxRunCodeFunction');
    });
    expect(callers.map(([id]) => id.replace(/RoleDefaultPolicy.*/, ''))).toEqual(['CalculatorWorker']);
  });
});
