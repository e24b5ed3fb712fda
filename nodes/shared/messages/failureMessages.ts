import {
	type CredentialProblem,
	type Failure,
	type FailureKind,
	failureOf,
	IMAGES,
	type MediaKind,
	NOTHING_ACCEPTED,
} from '../../../client';
import { CREDENTIAL_WORDS } from './credentialMessages';
import { formats, type Words } from './message';

/** Words for a file that got no verdict. */
export function failureWords(failure: Failure, media: MediaKind): Words {
	const words = FAILURE_WORDS[failure.kind](failure, media);
	const { requestId, attempts = 1 } = failure;
	const additions = [
		ENDS_THE_RUN.has(failure.kind) ? 'Nothing more was sent.' : '',
		attempts > 1 ? `The request was sent ${attempts} times.` : '',
		requestId ? `Request ID for BitMind's support: ${requestId}` : '',
	];
	return { ...words, description: [words.description, ...additions].filter(Boolean).join(' ') };
}

/** What is said of a run that met with passing trouble is no advice where there is none. */
const PASSING: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'rateLimited',
	'unavailable',
	'connectionLost',
	'timeout',
]);

/** Both in one text, for where n8n shows one only. Any other error than the client's goes on. */
export function explain(error: unknown): string {
	const failure = failureOf(error);
	if (!failure) throw error;
	const { message, description } = FAILURE_WORDS[failure.kind](failure, IMAGES);
	return `${message}. ${PASSING.has(failure.kind) ? 'Try again later.' : description}`;
}

const ENDS_THE_RUN: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'unauthorized',
	'tokenRefused',
	'forbidden',
	'wrongAddress',
	'tls',
]);

const TRY_AGAIN = 'Run the workflow again later for the items concerned.';

const FAILURE_WORDS: Record<FailureKind, (failure: Failure, media: MediaKind) => Words> = {
	fileRefused: ({ serverMessage, status, detail }, media) => ({
		message: `BitMind refused this ${media.name}: ${serverMessage ?? `status ${status}, no reason given`}`,
		description: [
			`The file may be damaged. Open it in a viewer, or save it anew as ${formats(media)}.`,
			detail === NOTHING_ACCEPTED &&
				'No other file of this run was accepted before, so the reason may also lie elsewhere: in the credential, or in a gateway in between.',
		]
			.filter(Boolean)
			.join(' '),
	}),
	everythingRefused: ({ serverMessage, status }) => ({
		message: `BitMind refused one request after the other: ${serverMessage ?? `status ${status}, no reason given`}`,
		description:
			'None of many files in a row was accepted, so the reason seems to lie with the requests rather than with a single file. The remaining files were not sent.',
	}),
	fileTooLarge: (_, media) => ({
		message: `The ${media.name} is too large for BitMind's server, even alone in a request`,
		description: 'Make it smaller before this node.',
	}),
	fileChanged: () => ({
		message: 'The file changed while it was sent',
		description:
			"Its length differs from what n8n's binary data says. Run the nodes before this one again.",
	}),
	fileUnreadable: () => ({
		message: "The file could not be read from n8n's binary data while it was sent",
		description: 'It may have been deleted meanwhile. Run the nodes before this one again.',
	}),
	noVerdict: ({ detail }) => ({
		message: `BitMind's answer holds no usable verdict for this file${detail === 'contradictory' ? ': it gives several' : ''}`,
		description: `The file was sent twice and the rest of the answers is fine. ${TRY_AGAIN}`,
	}),
	unreadableAnswer: ({ detail, serverMessage }) => ({
		message:
			detail === 'token'
				? "BitMind's answer to the token request could not be understood"
				: `BitMind's answer could not be understood${said(serverMessage)}`,
		description:
			"It is not the JSON that the API documents. Check the credential's 'Base URL', and whether a gateway in between changes answers.",
	}),
	unauthorized: ({ serverMessage }) => ({
		message: `BitMind did not accept the credential${said(serverMessage)}`,
		description:
			"Check the 'API Key' in the credential, or client ID and secret: it may be mistyped, expired or revoked.",
	}),
	tokenRefused: ({ serverMessage }) => ({
		message: `BitMind gave no access token for this client ID${said(serverMessage)}`,
		description:
			"Check 'Client ID' and 'Client Secret' in the credential, or with mTLS the client certificate.",
	}),
	forbidden: ({ serverMessage }) => ({
		message: `BitMind does not permit this request${said(serverMessage)}`,
		description:
			"Either the account lacks the permission 'batch_processing', or the client certificate is missing or not the registered one. Ask BitMind for the permission, or set 'Client Certificate' in the credential.",
	}),
	wrongAddress: ({ status }) => ({
		message: `There is no BitMind API at the credential's 'Base URL' (${status ? `status ${status}` : 'it does not speak https'})`,
		description:
			"The server answered with a web page, a redirect or 'not found'. The usual address is https://enterprise.bitmind.ai, without a path.",
	}),
	rejected: ({ status, serverMessage }) => ({
		message: `BitMind did not take the request (status ${status})${said(serverMessage)}`,
		description: 'Repeating it would not help.',
	}),
	rateLimited: ({ retryAt, serverMessage }) => ({
		message: `BitMind's rate limit is reached${said(serverMessage)}`,
		description: comeBack(
			retryAt,
			"Set 'Requests per Minute' in the node's options to stay below your plan's limit.",
		),
	}),
	unavailable: ({ status, retryAt, serverMessage }) => ({
		message: `BitMind's service was not available (status ${status})${said(serverMessage)}`,
		description: comeBack(retryAt, TRY_AGAIN),
	}),
	unreachable: ({ detail }) => ({
		message: `BitMind's server can't be reached: ${networkWords(detail)}`,
		description:
			"Check the credential's 'Base URL', and whether this machine may connect to it (firewall, proxy, DNS).",
	}),
	connectionLost: () => ({
		message: 'The connection to BitMind was lost before an answer had arrived',
		description: `If this happens with large batches only, lower 'Max Request Size (MB)'. ${TRY_AGAIN}`,
	}),
	timeout: ({ detail }) => ({
		message:
			detail === 'upload'
				? 'The upload to BitMind came to a standstill'
				: 'BitMind did not answer in time',
		description: "Raise 'Timeout (Seconds)' in the node's options, or lower 'Batch Size'.",
	}),
	tls: ({ detail }) => ({
		message: `No secure connection to BitMind came about (${detail})`,
		description:
			"If a gateway or proxy has a certificate of your organisation's, add its CA to the credential as 'CA Certificate'. If the server asks for a client certificate, set certificate and key in the credential.",
	}),
	proxy: ({ status }) => ({
		message: status
			? `The proxy did not let the connection through (status ${status})`
			: "The proxy's address can't be used",
		description:
			"Check the environment variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY of n8n, with the proxy's user and password.",
	}),
	credential: ({ detail }) => CREDENTIAL_WORDS[detail as CredentialProblem],
	notSent: () => ({
		message: 'The file was not sent, because the run had ended before',
		description: 'Run the workflow again for the items concerned.',
	}),
};

function said(serverMessage: string | undefined): string {
	return serverMessage ? `: ${serverMessage}` : '';
}

function comeBack(retryAt: number | undefined, otherwise: string): string {
	if (retryAt === undefined) return otherwise;
	return `BitMind says to come back after ${new Date(retryAt).toISOString()}. ${otherwise}`;
}

function networkWords(detail = ''): string {
	const host = detail.replace(/ \(.*$/, '');
	if (/ENOTFOUND|EAI_AGAIN/.test(detail)) return `the name of ${host} could not be resolved`;
	if (/REFUSED/.test(detail)) return `${host} refuses connections`;
	return `${host} does not respond`;
}
