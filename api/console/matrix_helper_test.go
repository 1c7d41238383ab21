package console_test

// helperMatrix is who may fill in for others at a screen that is wiped in between.
func helperMatrix() map[string]string {
	const helpers = "admin town-officer helper"
	return map[string]string{
		"GET /console/helper": helpers, "GET /console/helper/next": helpers, "POST /console/helper/next": helpers, "POST /console/helper/begin": helpers,
	}
}
