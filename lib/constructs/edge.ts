import { Fn } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  KeyValueStore,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  PriceClass,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { edgeProgram, type EdgeOrigin } from './edge-program.ts';
import { STAGE } from './task-api.ts';

export interface EdgeProps {
  /** The task APIs of all regions, in their order. */
  readonly origins: readonly [EdgeOrigin, ...EdgeOrigin[]];
}

/** One address for the task API of three regions, without a domain: each request goes to the nearest one that works. */
export class Edge extends Construct {
  readonly distribution: Distribution;
  /** The names of regions that are down, as keys. */
  readonly down: KeyValueStore;

  constructor(scope: Construct, id: string, { origins }: EdgeProps) {
    super(scope, id);
    const { stackName } = FleetStack.of(this);
    this.down = new KeyValueStore(this, 'Down', {
      keyValueStoreName: `${stackName}-down`,
      comment: 'The names of regions that get no requests',
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `The task API of ${stackName}, in the nearest region`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      // Callers are on three continents.
      priceClass: PriceClass.PRICE_CLASS_200,
      defaultBehavior: {
        // The function replaces it in every request, and keeps its path and protocol.
        origin: new HttpOrigin(origins[0].host, { originPath: `/${STAGE}`, connectionAttempts: 1 }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        // A redirect would come after the key was sent in the clear.
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: this.#passing(stackName),
        functionAssociations: [{ function: this.#choosing(origins), eventType: FunctionEventType.VIEWER_REQUEST }],
      },
    });
    explain(this.distribution, {
      CFR1: 'Who may use the API is decided by its keys, wherever they are.',
      CFR2: 'A web ACL belongs to the account. Associate yours with the distribution.',
      CFR3: 'The functions of the task API log every request to it.',
      CFR4: 'CloudFront’s own certificate allows TLS 1.0. Use a domain of yours with a certificate to raise it.',
    });
  }

  #choosing(origins: readonly EdgeOrigin[]): CloudFrontFunction {
    return new CloudFrontFunction(this, 'Choose', {
      code: FunctionCode.fromInline(edgeProgram(origins)),
      runtime: FunctionRuntime.JS_2_0,
      keyValueStore: this.down,
      comment: 'Sends each request to the nearest region that is not down',
    });
  }

  /**
   * Everything that the caller sends, its key too, and where the caller is. Only a policy with all headers may add those
   * of CloudFront. The function sets the host, which API Gateway would not know otherwise.
   */
  #passing(stackName: string): OriginRequestPolicy {
    return new OriginRequestPolicy(this, 'Passing', {
      originRequestPolicyName: `${stackName}-passing`,
      headerBehavior: OriginRequestHeaderBehavior.all('CloudFront-Viewer-Latitude', 'CloudFront-Viewer-Longitude'),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
      cookieBehavior: OriginRequestCookieBehavior.none(),
    });
  }
}

/** The host of the task API that a stack of another region has: read when the stack is deployed, without any coupling. */
export const apiHost = (stackName: string, region: string): string =>
  `${Fn.getStackOutput(stackName, 'ApiId', region)}.execute-api.${region}.amazonaws.com`;
