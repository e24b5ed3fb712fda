import type { CredentialProblem } from '../../../client';
import type { Message } from './message';

/** Message and description for each problem of a credential. */
export const CREDENTIAL_WORDS: Record<
	CredentialProblem,
	readonly [message: string, description: string]
> = {
	apiKeyMissing: ["The credential has no 'API Key'", 'Fill it in.'],
	apiKeyUnusable: [
		"The credential's 'API Key' contains characters that no key has",
		'Copy it again, without spaces and line breaks.',
	],
	clientIdMissing: ["The credential has no 'Client ID'", 'Fill it in.'],
	clientSecretMissing: [
		"The credential has no 'Client Secret'",
		"Fill it in, or choose 'OAuth2 with Client Certificate (mTLS)' as its authentication.",
	],
	'baseUrl.notAUrl': [
		"The credential's 'Base URL' is not a web address",
		'The usual one is https://enterprise.bitmind.ai.',
	],
	'baseUrl.notHttps': [
		"The credential's 'Base URL' must begin with https://",
		'Otherwise anyone on the network could read keys and files. Only this machine (localhost) may use http://.',
	],
	'baseUrl.hasExtras': [
		"The credential's 'Base URL' must not contain a user, a query or a fragment",
		'Leave out what is before @, and what is after ? or #. The usual one is https://enterprise.bitmind.ai.',
	],
	certificateMissing: [
		"The credential has no 'Client Certificate'",
		'Paste the whole PEM text, from -----BEGIN CERTIFICATE----- on.',
	],
	certificateUnreadable: [
		"The credential's 'Client Certificate' can't be read",
		'Paste the whole PEM text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
	],
	certificateExpired: [
		"The credential's 'Client Certificate' has expired",
		'Ask for a new one and paste it.',
	],
	certificateNotYetValid: [
		"The credential's 'Client Certificate' is not valid yet",
		'Check the clock of this machine, or wait until the certificate is valid.',
	],
	keyUnreadable: [
		"The credential's 'Client Key' can't be read",
		'Paste the whole PEM text of the private key, from -----BEGIN to its END line.',
	],
	passphraseWrong: [
		"The credential's 'Passphrase' does not open the 'Client Key'",
		'Check the passphrase, or paste a key without one.',
	],
	keyNotMatching: [
		"The credential's 'Client Key' does not belong to its 'Client Certificate'",
		'Paste the key that the certificate was made for.',
	],
	caUnreadable: [
		"The credential's 'CA Certificate' can't be read",
		'Paste the whole PEM text, from -----BEGIN CERTIFICATE----- on.',
	],
};

export function credentialMessage(problem: CredentialProblem): Message {
	const [message, description] = CREDENTIAL_WORDS[problem];
	return { message, description };
}

/** For a request of n8n's HTTP Request node. */
export const NOT_PRIVATE =
	'The credential is only sent to https:// addresses. Otherwise anyone on the network could read it.';
