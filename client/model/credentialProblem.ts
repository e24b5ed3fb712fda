/** Why a credential can't be used as the form was filled in. */
export type CredentialProblem =
	| 'apiKeyMissing'
	| 'clientIdMissing'
	| 'clientSecretMissing'
	| 'apiKeyUnusable'
	| `baseUrl.${BaseUrlProblem}`
	| CertificateProblem;

export type BaseUrlProblem = 'notAUrl' | 'notHttps' | 'hasExtras';

export type CertificateProblem =
	| 'certificateMissing'
	| 'certificateUnreadable'
	| 'certificateExpired'
	| 'certificateNotYetValid'
	| 'keyUnreadable'
	| 'passphraseWrong'
	| 'keyNotMatching'
	| 'caUnreadable';
