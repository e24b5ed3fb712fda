import type { RecordedRequest } from './recordedRequest';

/** The requests and connections since the last reset. */
export class Traffic {
	readonly requests: RecordedRequest[] = [];
	connections = 0;
	inFlight = 0;
	maxInFlight = 0;

	/** Returns a function to call when the request is over. A second call does nothing. */
	begin(request: RecordedRequest, isDetection: boolean): () => void {
		this.requests.push(request);
		if (!isDetection) return () => {};
		this.inFlight += 1;
		this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
		let over = false;
		return () => {
			if (!over) this.inFlight -= 1;
			over = true;
		};
	}

	reset(): void {
		this.requests.length = 0;
		this.connections = 0;
		this.maxInFlight = this.inFlight;
	}
}
