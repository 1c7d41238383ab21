package ask

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/resident/frame"
	"mashang/faq"
)

// Over answers a question as it would be answered with another library. Nothing of
// it is kept.
func (p *Room) Over(c *gin.Context, l *policy.Library, question string) error {
	parts := p.Assistant.Parts
	parts.Library, parts.KV, parts.DB = l, nil, nil
	assistant, err := faq.NewAssistant(c.Request.Context(), parts)
	if err != nil {
		return err
	}
	defer assistant.Close()
	room := &Room{Frame: &frame.Frame{Web: p.Web, Library: l, Counter: p.Counter}, Assistant: assistant}
	return room.reply(c, question, "")
}
