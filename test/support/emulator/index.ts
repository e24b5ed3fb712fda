export { makeCertificates, type CertifiedKey, type Certificates } from './certificates';
export type { CertificateDemand } from './clientCertificate';
export { startEmulator, Emulator } from './emulator';
export type { EarlyEnd } from './exchange';
export type {
	BatchResult,
	Fault,
	Misbehaviour,
	Moment,
	ResultsChange,
	StatusFault,
} from './faults';
export {
	withContradiction,
	withDuplicate,
	withEntry,
	withFailedEntry,
	withoutPositions,
	withPosition,
} from './brokenResults';
export {
	bodyLimit,
	CANNOT_DECODE,
	failing,
	firstOf,
	poison,
	rateLimited,
	shuffled,
} from './misbehaviours';
export type { ReceivedFile, Verify } from './multipart';
export { ALL_PERMISSIONS, DEFAULT_API_KEY, DEFAULT_CLIENT, type EmulatorOptions } from './options';
export { seededRandom, shuffle, type Random } from './random';
export type { RawConnection, RawRequestHead } from './rawConnection';
export { startRawServer, type RawServer, type RawServerOptions } from './rawServer';
export type { RecordedRequest } from './recordedRequest';
export { verdictOf, type Verdict } from './verdict';
