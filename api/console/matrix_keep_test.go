package console_test

// keepMatrix is who may do what about how long personal data is kept.
func keepMatrix() map[string]string {
	const holders = "admin town-officer"
	return map[string]string{
		"GET /console/keep":                   "admin auditor",
		"GET /console/keep/:receipt":          holders,
		"POST /console/keep/:receipt":         holders,
		"POST /console/keep/:receipt/release": holders,
	}
}
