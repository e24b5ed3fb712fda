import {
	failureOf,
	IMAGES,
	type Failure,
	type FailureKind,
	type FailureOf,
	type MediaKind,
	type NoVerdictReason,
} from '../../../client';
import { credentialMessage } from './credentialMessages';
import { formats } from '../settings/description';
import type { Message } from './message';
import { afterAnswers, networkProblem, proxyMessage, tlsMessage } from './networkMessages';

const TRY_AGAIN = 'Run the workflow again later for these items.';

/** Their descriptions are about a run, so the credential's test says 'Try again later' instead. */
const TRANSIENT: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'rateLimited',
	'unavailable',
	'connectionLost',
	'timeout',
]);

/** Message and description for a file that got no verdict. */
export function failureMessage(failure: Failure, media: MediaKind): Message {
	const { message, description } = messageOf(failure, media);
	const { requestId, attempts = 1, endedRun } = failure;
	const additions = [
		endedRun && 'Nothing more was sent.',
		attempts > 1 && `The request was sent ${attempts} times.`,
		requestId && `Request ID for BitMind's support: ${requestId}`,
	];
	return { message, description: [description, ...additions].filter(Boolean).join(' ') };
}

/** Message and description in one text. Rethrows errors that are not from the client. */
export function explain(error: unknown): string {
	const failure = failureOf(error);
	if (!failure) throw error;
	const { message, description } = messageOf(failure, IMAGES);
	return `${message}. ${TRANSIENT.has(failure.kind) ? 'Try again later.' : description}`;
}

function messageOf(failure: Failure, media: MediaKind): Message {
	const words = FAILURE_MESSAGES[failure.kind] as (failure: Failure, media: MediaKind) => Message;
	return afterAnswers(failure) ?? words(failure, media);
}

const FAILURE_MESSAGES: {
	[Kind in FailureKind]: (failure: FailureOf<Kind>, media: MediaKind) => Message;
} = {
	fileRefused: ({ serverMessage, status, nothingAccepted }, media) => ({
		message: `BitMind refused this ${media.name}: ${serverMessage ?? `status ${status}, no reason given`}`,
		description: [
			`The file may be damaged. Open it in a viewer, or save it again as ${formats(media)}.`,
			nothingAccepted &&
				'No other file of this run was accepted before it, so the cause may also be the credential, or a gateway in between.',
		]
			.filter(Boolean)
			.join(' '),
	}),
	everythingRefused: ({ serverMessage, status }) => ({
		message: `BitMind refused every request: ${serverMessage ?? `status ${status}, no reason given`}`,
		description:
			'No file was accepted, so the cause is probably not a single file. Check the credential, and whether a gateway in between changes requests.',
	}),
	fileTooLarge: (_, media) => ({
		message: `The ${media.name} is too large for BitMind's server, even alone in a request`,
		description: 'Reduce its size before this node.',
	}),
	fileChanged: () => ({
		message: 'The file changed while it was sent',
		description:
			"Its length differs from what n8n's binary data says. Run the nodes before this one again.",
	}),
	fileUnreadable: ({ hasStalled }) =>
		hasStalled
			? {
					message: "The file's storage stopped responding while the file was sent",
					description:
						"Check the disk or the storage service that holds n8n's binary data, then run the workflow again for these items.",
				}
			: {
					message: "The file could not be read from n8n's binary data while it was sent",
					description:
						'It may have been deleted in the meantime. Run the nodes before this one again.',
				},
	noVerdict: ({ reason, others, serverMessage }) => ({
		message: `BitMind's response has no usable verdict for this file${NO_VERDICT_REASONS[reason]}${quoted(serverMessage)}`,
		description: `The file was sent twice.${others ? ' The rest of the response is fine.' : ''} ${TRY_AGAIN}`,
	}),
	unreadableResponse: ({ request, serverMessage }) => ({
		message:
			request === 'token'
				? "BitMind's response to the token request could not be understood"
				: `BitMind's response could not be understood${quoted(serverMessage)}`,
		description:
			"It isn't the JSON that BitMind documents. Check the credential's 'Base URL', and whether a gateway in between changes responses.",
	}),
	unauthorized: ({ serverMessage, looksStandard }) => ({
		message: `BitMind did not accept the credential${quoted(serverMessage)}`,
		description: looksStandard
			? "The 'API Key' looks like a key for BitMind's standard API. The batch API needs an enterprise key. Create one at https://app.bitmind.ai/api/enterprise."
			: "Check the credential's 'API Key', or its 'Client ID' and 'Client Secret': they may be mistyped, expired or revoked. The batch API needs an enterprise key.",
	}),
	tokenRefused: ({ serverMessage }) => ({
		message: `BitMind gave no access token for this client ID${quoted(serverMessage)}`,
		description:
			"Check 'Client ID' and 'Client Secret' in the credential or, with mTLS, the client certificate.",
	}),
	forbidden: ({ serverMessage }) => ({
		message: `BitMind does not permit this request${quoted(serverMessage)}`,
		description:
			"Either the account lacks the permission 'batch_processing', or the client certificate is missing or not the registered one. Ask BitMind for the permission, or set 'Client Certificate' in the credential.",
	}),
	wrongAddress: ({ found, status }) =>
		found === 'noTls'
			? {
					message: "The server at the credential's 'Base URL' does not use https",
					description:
						'Check the port in the address. The usual address is https://enterprise.bitmind.ai, without a port or a path.',
				}
			: {
					message: `There is no BitMind API at the credential's 'Base URL' (status ${status})`,
					description: `The server responded with ${FOUND[found]}. The usual address is https://enterprise.bitmind.ai, without a path.`,
				},
	noBatches: ({ status }) => ({
		message: `BitMind's API offers no batch requests to this account (status ${status})`,
		description:
			"The 'Base URL' is right: BitMind's API responds there. Ask BitMind whether your account, or this version of the API, has batch processing.",
	}),
	refused: rejectedMessage,
	tooLarge: rejectedMessage,
	rejected: rejectedMessage,
	rateLimited: ({ retryAt, serverMessage }) => ({
		message: `BitMind's rate limit was reached${quoted(serverMessage)}`,
		description: comeBack(
			retryAt,
			"The node slows down by itself, but BitMind accepted no request for several minutes. If something else uses the same account, such as other n8n workers, set 'Requests per Minute' in the node's options.",
		),
	}),
	unavailable: ({ status, retryAt, serverMessage }) => ({
		message: `BitMind's service was not available (status ${status})${quoted(serverMessage)}`,
		description: comeBack(retryAt, TRY_AGAIN),
	}),
	egressRefused: ({ host, reason }) => ({
		message: `n8n does not allow requests to ${host}: ${reason}`,
		description:
			'An administrator of n8n can allow the host by its name in N8N_SSRF_ALLOWED_HOSTNAMES, or by its IP address in N8N_SSRF_ALLOWED_IP_RANGES (for one address, such as 10.1.2.3/32).',
	}),
	unreachable: ({ host, code }) => ({
		message: `BitMind's server ${host} can't be reached: ${networkProblem(code)}`,
		description:
			"Check the credential's 'Base URL', and whether this machine may connect to it (firewall, proxy, DNS).",
	}),
	connectionLost: () => ({
		message: 'The connection to BitMind was lost before a response arrived',
		description: `If this happens only with large batches, lower 'Max Request Size (MB)'. ${TRY_AGAIN}`,
	}),
	timeout: ({ phase, host, proxy }) => {
		const raise = "Raise 'Timeout (Seconds)' in the node's options, or lower 'Batch Size'.";
		switch (phase) {
			case 'connect':
				return {
					message: `No connection to ${host ?? 'BitMind'}${proxy ? ` through the proxy ${proxy}` : ''} could be made in time`,
					description: `Check ${proxy ? 'the proxy (HTTPS_PROXY, NO_PROXY)' : 'the network, the firewall and DNS'}, or raise 'Timeout (Seconds)' in the node's options.`,
				};
			case 'upload':
				return { message: 'The upload to BitMind stopped making progress', description: raise };
			case 'token':
			case 'response':
				return { message: 'BitMind did not respond in time', description: raise };
		}
	},
	tls: tlsMessage,
	proxy: proxyMessage,
	credential: ({ problem }) => credentialMessage(problem),
	notSent: () => ({
		message: 'The file was not sent, because the run ended before its turn',
		description: 'Run the workflow again for these items.',
	}),
};

const NO_VERDICT_REASONS: Readonly<Record<NoVerdictReason, string>> = {
	missing: '',
	incomplete: '',
	contradictory: ': its entries contradict each other',
	shifted: ': it counts the files from one, so no verdict can be matched to its file',
};

const FOUND = {
	notFound: "'not found'",
	redirect: 'a redirect',
	webPage: 'a web page',
} as const;

function rejectedMessage({ status, serverMessage }: Failure): Message {
	return {
		message: `BitMind rejected the request (status ${status})${quoted(serverMessage)}`,
		description: "Sending it again would not help. Ask BitMind's support, and name the status.",
	};
}

function quoted(serverMessage: string | undefined): string {
	return serverMessage ? `: ${serverMessage}` : '';
}

function comeBack(retryAt: number | undefined, otherwise: string): string {
	if (retryAt === undefined) return otherwise;
	const time = new Date(retryAt).toISOString().slice(0, 19).replace('T', ' ');
	return `BitMind asks to wait until ${time} UTC. ${otherwise}`;
}
