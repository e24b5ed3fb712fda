export { makeCertificates, type CertifiedKey, type Certificates } from './endpoints/certificates';
export type { CertificateDemand } from './endpoints/clientCertificate';
export { startEmulator, Emulator } from './emulator';
export type { EarlyEnd } from './http/exchange';
export type {
	BatchResult,
	Fault,
	Misbehavior,
	Moment,
	ResultsChange,
	StatusFault,
} from './faults/faults';
export {
	withContradiction,
	withDuplicate,
	withEntry,
	withFailedEntry,
	withoutPositions,
	withPosition,
} from './faults/brokenResults';
export {
	bodyLimit,
	CANNOT_DECODE,
	failing,
	firstOf,
	poison,
	rateLimited,
	shuffled,
} from './faults/misbehaviors';
export type { ReceivedFile, Verify } from './http/multipart';
export { ALL_PERMISSIONS, DEFAULT_API_KEY, DEFAULT_CLIENT, type EmulatorOptions } from './options';
export { seededRandom, shuffle, type Random } from './random';
export type { RawConnection, RawRequestHead } from './http/rawConnection';
export { startRawServer, type RawServer, type RawServerOptions } from './http/rawServer';
export type { RecordedRequest } from './http/recordedRequest';
export { verdictOf, type Verdict } from './endpoints/verdict';
