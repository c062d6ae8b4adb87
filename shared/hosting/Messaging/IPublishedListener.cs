using Payouts.Hosting.Database;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// Told of each message that a service's transactions publish, inside the transaction: what it adds to the database is there if, and only if,
/// the message goes out. A service has one or none.
/// </summary>
/// <typeparam name="TDb">The service's database.</typeparam>
public interface IPublishedListener<TDb>
    where TDb : ServiceDbContext
{
    /// <summary>A message is published.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="message">As it will be sent.</param>
    /// <param name="contract">What it says.</param>
    void Published(UnitOfWork<TDb> unit, OutboxMessage message, object contract);
}
