using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Rounds.Webhooks;

namespace Payouts.Rounds.Storage;

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.ToTable("webhook_deliveries");
        delivery.HasKey(x => x.Id);
        delivery.Ignore(x => x.WebhookId);
        delivery.Property(x => x.State).HasConversion<string>();
        delivery.Property(x => x.LastOutcome).HasConversion<string>();
    }
}
